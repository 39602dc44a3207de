import { Controller } from '@nestjs/common';
import { endOtherSessions, endSession, getSession, listSessions } from '@orgn/console-api';
import type { ConsoleCall } from '../console/console-call.ts';
import { Implements } from '../console/implements.decorator.ts';
import { SessionViewService } from './session-view.service.ts';
import { SessionsService } from './sessions.service.ts';

@Controller()
export class SessionsController {
  constructor(
    private readonly sessions: SessionsService,
    private readonly view: SessionViewService,
  ) {}

  @Implements(getSession)
  show({ caller }: ConsoleCall<typeof getSession>) {
    return this.view.show(caller);
  }

  @Implements(listSessions)
  list({ caller }: ConsoleCall<typeof listSessions>) {
    return this.sessions.list(caller);
  }

  @Implements(endSession)
  endOne({ caller, params, client }: ConsoleCall<typeof endSession>) {
    return this.sessions.endOne(caller, params.sessionId, client) as Promise<undefined>;
  }

  @Implements(endOtherSessions)
  async endOthers({ caller, client }: ConsoleCall<typeof endOtherSessions>) {
    return { ended: await this.sessions.endOthers(caller, client) };
  }
}
