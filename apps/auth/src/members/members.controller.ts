import { Controller } from '@nestjs/common';
import { memberRoutes, teamRoutes } from '@orgn/console-api';
import type { ConsoleCall } from '../console/console-call.ts';
import { Implements } from '../console/implements.decorator.ts';
import { MembersService } from './members.service.ts';

@Controller()
export class MembersController {
  constructor(private readonly members: MembersService) {}

  @Implements(memberRoutes.list)
  list(call: ConsoleCall<typeof memberRoutes.list>) {
    return this.members.list(call);
  }

  @Implements(memberRoutes.update)
  update(call: ConsoleCall<typeof memberRoutes.update>) {
    return this.members.update(call);
  }

  @Implements(memberRoutes.remove)
  remove(call: ConsoleCall<typeof memberRoutes.remove>) {
    return this.members.remove(call) as Promise<undefined>;
  }

  @Implements(teamRoutes.leave)
  leave(call: ConsoleCall<typeof teamRoutes.leave>) {
    return this.members.leave(call) as Promise<undefined>;
  }
}
