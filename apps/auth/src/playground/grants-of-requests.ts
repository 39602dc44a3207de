import { createHash, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { endGrants, issueGrant, requestId, type ExecutionPolicy, type RequestId, type TeamId } from '@orgn/contracts';
import { Bus, ServiceLog } from '@orgn/service-kit';
import { v7 as uuidv7 } from 'uuid';
import type { SignedIn } from '../console/console-call.ts';

/** A request's id, and the secret that lets it alone through. */
export interface Granted {
  requestId: RequestId;
  secret: string;
}

/** Grants for one request each, tied to session, team and member. */
@Injectable()
export class GrantsOfRequests {
  constructor(
    private readonly bus: Bus,
    private readonly log: ServiceLog,
  ) {}

  /** @throws ServiceError `team_suspended`, `service_unavailable` */
  async issue(caller: SignedIn, teamId: TeamId, executionPolicy: ExecutionPolicy): Promise<Granted> {
    const granted = { requestId: requestId.parse(uuidv7()), secret: randomBytes(32).toString('base64url') };
    await this.bus.ask(issueGrant, {
      digest: createHash('sha256').update(granted.secret).digest('base64url'),
      requestId: granted.requestId,
      sessionId: caller.sessionId,
      teamId,
      ownerId: caller.userId,
      executionPolicy,
    });
    return granted;
  }

  /** The grant is of no use any more. It ends by itself where this fails. */
  end(id: RequestId): void {
    this.bus.ask(endGrants, { requestIds: [id] }).catch((error: unknown) => {
      this.log.warn('grant not ended, it expires', { requestId: id }, error);
    });
  }
}
