import { createHash, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import {
  endGrants,
  getKey,
  issueGrant,
  requestId,
  ServiceError,
  type ExecutionPolicy,
  type KeyId,
  type RequestId,
  type TeamId,
} from '@orgn/contracts';
import { Bus, ServiceLog } from '@orgn/service-kit';
import { v7 as uuidv7 } from 'uuid';
import type { SignedIn } from '../console/console-call.ts';

/** A request's id, and the secret that lets it alone through. */
export interface Granted {
  requestId: RequestId;
  secret: string;
}

/** What somebody is let do. */
export interface GrantTerms {
  teamId: TeamId;
  executionPolicy: ExecutionPolicy;
  /** A key of theirs that the request runs under; null: none. */
  asKey: KeyId | null;
}

/** Grants for one request each, tied to session, team and member. */
@Injectable()
export class GrantsOfRequests {
  constructor(
    private readonly bus: Bus,
    private readonly log: ServiceLog,
  ) {}

  /** @throws ServiceError `team_suspended`, `service_unavailable`; `not_found` or `not_permitted` for a key that is not theirs */
  async issue(caller: SignedIn, terms: GrantTerms): Promise<Granted> {
    if (terms.asKey !== null) await this.#requireOwn(caller, terms.teamId, terms.asKey);
    const granted = { requestId: requestId.parse(uuidv7()), secret: randomBytes(32).toString('base64url') };
    await this.bus.ask(issueGrant, {
      digest: createHash('sha256').update(granted.secret).digest('base64url'),
      requestId: granted.requestId,
      sessionId: caller.sessionId,
      ownerId: caller.userId,
      ...terms,
    });
    return granted;
  }

  /** Its budgets are its owner's to spend, and its usage its owner's. */
  async #requireOwn({ userId }: SignedIn, teamId: TeamId, id: KeyId): Promise<void> {
    const key = await this.bus.ask(getKey, { teamId, id });
    if (key.ownerId !== userId) throw new ServiceError('not_permitted', 'Only its owner may try an API key here.');
  }

  /** The grant is of no use any more. It ends by itself where this fails. */
  end(id: RequestId): void {
    this.bus.ask(endGrants, { requestIds: [id] }).catch((error: unknown) => {
      this.log.warn('grant not ended, it expires', { requestId: id }, error);
    });
  }
}
