import { Injectable } from '@nestjs/common';
import {
  awaitHold,
  releaseHold,
  ServiceError,
  takeHold,
  tellRates,
  type HoldAnswer,
  type RateStandings,
  type RequestId,
  type RequestOf,
  type TeamId,
} from '@orgn/contracts';
import { Bus, NobodyListens } from '@orgn/service-kit';
import { Holders } from './holders.ts';
import { OwnerBatchers } from './owner-batchers.ts';

/** A hold is asked for this often: of who was known to own the team, and of who says so after that. */
const ATTEMPTS = 3;

/** What became of a hold. */
export type SettledHold = Exclude<HoldAnswer, { state: 'waiting' | 'not_owner' }>;

/** Whose request it is. */
export interface Owned {
  teamId: TeamId;
  requestId: RequestId;
}

/** Asks owners for holds, in batches. */
@Injectable()
export class HoldDesk {
  readonly #taking: OwnerBatchers<typeof takeHold>;
  readonly #releasing: OwnerBatchers<typeof releaseHold>;

  constructor(
    private readonly bus: Bus,
    private readonly holders: Holders,
  ) {
    this.#taking = new OwnerBatchers(takeHold, bus);
    this.#releasing = new OwnerBatchers(releaseHold, bus);
  }

  /** @throws ServiceError `metering_unavailable` when nobody can be asked: at once where that is known */
  async take(owned: Owned, order: RequestOf<typeof takeHold>): Promise<SettledHold> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const owner = await this.#ownerOf(owned.teamId);
      const answer = await this.#ask(owner, owned, order);
      if (answer !== undefined && answer.state !== 'not_owner' && answer.state !== 'waiting') return answer;
      if (answer === undefined) this.holders.isGone(owner, owned.teamId);
      else this.holders.isNot(owner, owned.teamId);
    }
    throw unavailable();
  }

  /** The request will not run. Nothing waits for it: what is not released is collected later. */
  release(owned: Owned): void {
    const owner = this.holders.of(owned.teamId);
    if (owner !== undefined) this.#releasing.ask(owner, owned).catch(() => undefined);
  }

  /** How the limits by the minute of a lineage stand; undefined: nobody can say right now. */
  async ratesOf({
    teamId,
    ...lineage
  }: { teamId: TeamId } & RequestOf<typeof tellRates>): Promise<RateStandings | undefined> {
    try {
      return (await this.bus.askOnly(tellRates, await this.#ownerOf(teamId), lineage)).rates;
    } catch {
      return undefined;
    }
  }

  async #ownerOf(teamId: TeamId): Promise<string> {
    const known = this.holders.of(teamId);
    if (known !== undefined) return known;
    await this.holders.ask();
    const found = this.holders.of(teamId) ?? (await this.holders.next(teamId));
    if (found === undefined) throw unavailable();
    return found;
  }

  /** @returns undefined when it is not there */
  async #ask(owner: string, owned: Owned, order: RequestOf<typeof takeHold>): Promise<HoldAnswer | undefined> {
    try {
      const answer = await this.#taking.ask(owner, order);
      return answer.state === 'waiting' ? await this.bus.askOnly(awaitHold, owner, owned) : answer;
    } catch (error) {
      if (!(error instanceof ServiceError) || error.code === 'admission_refused') throw error;
      if (!(error.cause instanceof NobodyListens)) throw unavailable(error);
      return undefined;
    }
  }
}

function unavailable(cause?: unknown): ServiceError {
  const message =
    'The limits of this API key or its team cannot be checked right now, so nothing was sent; try again shortly.';
  return new ServiceError('metering_unavailable', message, { cause });
}
