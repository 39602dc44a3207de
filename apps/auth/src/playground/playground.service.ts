import { createHash, randomBytes } from 'node:crypto';
import type { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import { endGrants, issueGrant, requestId, ServiceError, type RequestId } from '@orgn/contracts';
import { Bus, ServiceLog } from '@orgn/service-kit';
import type { Dispatcher } from 'undici';
import { v7 as uuidv7 } from 'uuid';
import type { Membership, SignedIn } from '../console/console-call.ts';
import { TeamsRepository } from '../roster/teams.repository.ts';
import { GatewayDoors } from './gateway-door.ts';
import { PlaygroundClient } from './playground.client.ts';

/** One request of the playground, whose bytes nobody here reads. */
export interface Attempt {
  caller: SignedIn;
  membership: Membership;
  body: Readable;
  length: string | undefined;
  signal: AbortSignal;
}

export interface Answered {
  requestId: RequestId;
  answer: Dispatcher.ResponseData;
}

/** Lets somebody who is signed in ask a model, by a grant for one request. */
@Injectable()
export class PlaygroundService {
  constructor(
    private readonly bus: Bus,
    private readonly teams: TeamsRepository,
    private readonly gateways: { doors: GatewayDoors; client: PlaygroundClient },
    private readonly log: ServiceLog,
  ) {}

  /** @throws ServiceError `team_suspended`, `not_found`, `service_unavailable` */
  async ask({ caller, membership, ...bytes }: Attempt): Promise<Answered> {
    const team = await this.teams.find(membership.teamId);
    if (!team) throw new ServiceError('not_found', 'There is no such team, or you are not in it.');
    const door = await this.gateways.doors.choose();
    const [id, secret] = [requestId.parse(uuidv7()), randomBytes(32).toString('base64url')];
    await this.bus.ask(issueGrant, {
      digest: createHash('sha256').update(secret).digest('base64url'),
      requestId: id,
      sessionId: caller.sessionId,
      teamId: team.id,
      ownerId: caller.userId,
      // The team's default binds people here as it would bind a key that nobody restricts.
      executionPolicy: team.defaultExecutionPolicy,
    });
    try {
      return { requestId: id, answer: await this.gateways.client.ask(door, { requestId: id, secret, ...bytes }) };
    } catch (error) {
      this.end(id);
      throw this.#toError(error, bytes.signal);
    }
  }

  /** The grant is of no use any more. It ends by itself where this fails. */
  end(id: RequestId): void {
    this.bus.ask(endGrants, { requestIds: [id] }).catch((error: unknown) => {
      this.log.warn('grant not ended, it expires', { requestId: id }, error);
    });
  }

  #toError(error: unknown, signal: AbortSignal): unknown {
    if (error instanceof ServiceError || signal.aborted) return error;
    this.gateways.doors.forget();
    return new ServiceError('service_unavailable', 'The gateway could not be reached; try again shortly.', {
      cause: error,
    });
  }
}
