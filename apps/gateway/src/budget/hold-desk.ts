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
import { Bus, NobodyAnswered, NobodyListens } from '@orgn/service-kit';
import { Holders } from './holders.ts';
import { OwnerBatchers } from './owner-batchers.ts';

/** A hold is asked for this often: of who was known to own the team, and of who says so after that. */
const ATTEMPTS = 3;
/** So many of them may go unanswered: who was late may answer yet, or somebody else owns the team by then. */
const MOST_SILENT = 2;

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

  /**
   * Asked again, an owner answers the same.
   * @throws ServiceError `metering_unavailable` when nobody can be asked: at once where that is known
   */
  async take(owned: Owned, order: RequestOf<typeof takeHold>): Promise<SettledHold> {
    let silent = 0;
    for (let attempt = 0; attempt < ATTEMPTS && silent < MOST_SILENT; attempt += 1) {
      const owner = await this.#ownerOf(owned.teamId);
      const answer = await this.#ask(owner, owned, order);
      if (answer === 'gone') this.holders.isGone(owner, owned.teamId);
      else if (answer === 'silent') silent += 1;
      else if (answer.state === 'not_owner' || answer.state === 'waiting') this.holders.isNot(owner, owned.teamId);
      else return answer;
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
    if (this.holders.areLapsed) throw unavailable();
    await this.holders.ask();
    const found = this.holders.of(teamId) ?? (await this.holders.next(teamId));
    if (found === undefined) throw unavailable();
    return found;
  }

  /** @returns `gone` when it is not there, `silent` when it did not answer in time */
  async #ask(owner: string, owned: Owned, order: RequestOf<typeof takeHold>): Promise<HoldAnswer | 'gone' | 'silent'> {
    try {
      const answer = await this.#taking.ask(owner, order);
      return answer.state === 'waiting' ? await this.#wait(owner, owned) : answer;
    } catch (error) {
      if (!(error instanceof ServiceError) || error.code === 'admission_refused') throw error;
      if (error.cause instanceof NobodyListens) return 'gone';
      if (error.cause instanceof NobodyAnswered) return 'silent';
      throw unavailable(error);
    }
  }

  /** An owner that dies meanwhile says nothing: that somebody else has its shard is the answer then. */
  async #wait(owner: string, owned: Owned): Promise<HoldAnswer> {
    const over = new AbortController();
    const left = this.holders.left(owner, owned.teamId, over.signal).then((): HoldAnswer => ({ state: 'not_owner' }));
    try {
      return await Promise.race([this.bus.askOnly(awaitHold, owner, owned), left]);
    } finally {
      over.abort();
    }
  }
}

function unavailable(cause?: unknown): ServiceError {
  const message =
    'The limits of this API key or its team cannot be checked right now, so nothing was sent; try again shortly.';
  return new ServiceError('metering_unavailable', message, { cause });
}
