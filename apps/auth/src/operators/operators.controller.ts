import { Controller } from '@nestjs/common';
import { operatorRoutes } from '@orgn/console-api';
import { byCaller } from '../audit/by-caller.ts';
import type { ConsoleCall } from '../console/console-call.ts';
import { Implements } from '../console/implements.decorator.ts';
import { OperatorsTeamsService } from '../teams/operators-teams.service.ts';
import { OperatorsService } from './operators.service.ts';

type Routes = typeof operatorRoutes;

@Controller()
export class OperatorsController {
  constructor(
    private readonly operators: OperatorsService,
    private readonly allTeams: OperatorsTeamsService,
  ) {}

  @Implements(operatorRoutes.services)
  services() {
    return this.operators.services();
  }

  @Implements(operatorRoutes.routers)
  routers() {
    return this.operators.routers();
  }

  @Implements(operatorRoutes.catalogue)
  catalogue() {
    return this.operators.catalogue();
  }

  @Implements(operatorRoutes.usage)
  usage(call: ConsoleCall<Routes['usage']>) {
    return this.operators.usage(call);
  }

  @Implements(operatorRoutes.teams)
  async teams({ query }: ConsoleCall<Routes['teams']>) {
    const { teams: data, next } = await this.allTeams.list({ cursor: query.cursor ?? null, limit: query.limit });
    return { data, nextCursor: next };
  }

  @Implements(operatorRoutes.suspend)
  suspend(call: ConsoleCall<Routes['suspend']>) {
    return this.allTeams.suspend({ ...call.params, ...call.body }, byCaller(call));
  }

  @Implements(operatorRoutes.resume)
  resume(call: ConsoleCall<Routes['resume']>) {
    return this.allTeams.resume(call.params, byCaller(call));
  }
}
