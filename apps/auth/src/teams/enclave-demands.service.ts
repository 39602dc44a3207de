import { Injectable } from '@nestjs/common';
import type { EnclaveDemands, enclaveRoutes } from '@orgn/console-api';
import { readTeamDemands, setTeamDemands } from '@orgn/contracts';
import { Bus } from '@orgn/service-kit';
import { AuditLog } from '../audit/audit-log.ts';
import { byCaller } from '../audit/by-caller.ts';
import type { ConsoleCall } from '../console/console-call.ts';
import { Roster } from '../roster/roster.ts';
import { fromDemandsText, toDemandsText } from './enclave-demands.ts';

type Routes = typeof enclaveRoutes;

/** What teams demand of enclaves. The registry keeps it, because tickets say it. */
@Injectable()
export class EnclaveDemandsService {
  constructor(
    private readonly bus: Bus,
    private readonly roster: Roster,
    private readonly audit: AuditLog,
  ) {}

  async get({ membership }: ConsoleCall<Routes['get']>): Promise<EnclaveDemands> {
    const { demands } = await this.bus.ask(readTeamDemands, { teamId: membership.teamId });
    return fromDemandsText(demands);
  }

  /** @throws ServiceError `not_permitted` to whoever no longer owns the team */
  set(call: ConsoleCall<Routes['set']>): Promise<EnclaveDemands> {
    const { teamId } = call.membership;
    return this.roster.change(call, 'enclaves.update', async () => {
      const { before } = await this.bus.ask(setTeamDemands, { teamId, demands: toDemandsText(call.body) });
      await this.audit.record({
        ...byCaller(call),
        teamId,
        action: 'team.enclaves_demanded',
        object: { kind: 'team', id: teamId },
        before: fromDemandsText(before),
        after: call.body,
      });
      return call.body;
    });
  }
}
