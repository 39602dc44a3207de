import { Injectable } from '@nestjs/common';
import { endGrants } from '@orgn/contracts';
import { Bus, ServiceLog } from '@orgn/service-kit';

/** What a session has let through, and ends with it: requests of the playground are cut at every gateway. */
@Injectable()
export class SessionGrants {
  constructor(
    private readonly bus: Bus,
    private readonly log: ServiceLog,
  ) {}

  /** Never throws: nobody is kept signed in by a registry that is away, and a grant ends by itself. */
  async end(sessionIds: readonly string[]): Promise<void> {
    if (sessionIds.length === 0) return;
    try {
      await this.bus.ask(endGrants, { sessionIds: [...sessionIds] });
    } catch (error) {
      this.log.warn('grants of ended sessions not ended, they expire', { sessions: sessionIds.length }, error);
    }
  }
}
