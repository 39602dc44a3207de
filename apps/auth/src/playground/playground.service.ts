import type { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import { ServiceError, type KeyId, type RequestId } from '@orgn/contracts';
import type { Membership, SignedIn } from '../console/console-call.ts';
import { TeamsRepository } from '../roster/teams.repository.ts';
import { GatewayDoors, type Door } from './gateway-door.ts';
import { GrantsOfRequests } from './grants-of-requests.ts';
import { PlaygroundClient, type GatewayAnswer } from './playground.client.ts';

/** One request of the playground, whose bytes nobody here reads. */
export interface Attempt {
  caller: SignedIn;
  membership: Membership;
  /** A key of the caller's own to ask under; null: none. */
  asKey: KeyId | null;
  body: Readable;
  length: string | undefined;
  signal: AbortSignal;
}

export interface Answered {
  requestId: RequestId;
  answer: GatewayAnswer;
}

/** Lets somebody who is signed in ask a model, by a grant for one request. */
@Injectable()
export class PlaygroundService {
  constructor(
    private readonly teams: TeamsRepository,
    private readonly grants: GrantsOfRequests,
    private readonly doors: GatewayDoors,
    private readonly gateways: PlaygroundClient,
  ) {}

  /** @throws ServiceError `team_suspended`, `not_found`, `not_permitted`, `service_unavailable` */
  async ask({ caller, membership, asKey, ...bytes }: Attempt): Promise<Answered> {
    const team = await this.teams.find(membership.teamId);
    if (!team) throw new ServiceError('not_found', 'There is no such team, or you are not in it.');
    const door = await this.doors.choose();
    // The team's default binds people here as it would bind a key that nobody restricts; a key has a policy of its own.
    const terms = { teamId: team.id, executionPolicy: team.defaultExecutionPolicy, asKey };
    const granted = await this.grants.issue(caller, terms);
    try {
      return { requestId: granted.requestId, answer: await this.gateways.ask(door, { ...granted, ...bytes }) };
    } catch (error) {
      this.end(granted.requestId);
      throw this.#toError(error, bytes.signal, door);
    }
  }

  /** Once it was answered, or nobody waits any more. */
  end(id: RequestId): void {
    this.grants.end(id);
  }

  #toError(error: unknown, signal: AbortSignal, door: Door): unknown {
    if (error instanceof ServiceError || signal.aborted) return error;
    this.doors.forget(door);
    return new ServiceError('service_unavailable', 'The gateway could not be reached; try again shortly.', {
      cause: error,
    });
  }
}
