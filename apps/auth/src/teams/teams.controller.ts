import { Controller } from '@nestjs/common';
import { teamRoutes } from '@orgn/console-api';
import type { ConsoleCall } from '../console/console-call.ts';
import { Implements } from '../console/implements.decorator.ts';
import { OwnershipService } from './ownership.service.ts';
import { TeamsService } from './teams.service.ts';

type Routes = typeof teamRoutes;

@Controller()
export class TeamsController {
  constructor(
    private readonly teams: TeamsService,
    private readonly ownership: OwnershipService,
  ) {}

  @Implements(teamRoutes.list)
  list(call: ConsoleCall<Routes['list']>) {
    return this.teams.list(call);
  }

  @Implements(teamRoutes.create)
  create(call: ConsoleCall<Routes['create']>) {
    return this.teams.create(call);
  }

  @Implements(teamRoutes.get)
  get(call: ConsoleCall<Routes['get']>) {
    return this.teams.get(call);
  }

  @Implements(teamRoutes.update)
  update(call: ConsoleCall<Routes['update']>) {
    return this.teams.update(call);
  }

  @Implements(teamRoutes.delete)
  delete(call: ConsoleCall<Routes['delete']>) {
    return this.ownership.delete(call) as Promise<undefined>;
  }

  @Implements(teamRoutes.transfer)
  transfer(call: ConsoleCall<Routes['transfer']>) {
    return this.ownership.transfer(call);
  }
}
