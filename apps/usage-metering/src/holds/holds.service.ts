import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import {
  ServiceError,
  type awaitHold,
  type HoldAnswer,
  type holdsSettled,
  type PayloadOf,
  type RequestId,
  type RequestOf,
  type takeHold,
  type TeamId,
} from '@orgn/contracts';
import { DeskDrawer } from './desk-drawer.ts';
import { Desks, type FoundDesk } from './desks.ts';
import type { HoldOrder, HoldOutcome } from './hold-order.ts';
import { LineageCounts } from './lineage-counts.ts';
import { SoftBudgets } from './soft-budgets.ts';
import type { TeamDesk } from './team-desk.ts';

const TIDY_MS = 1_000;

/** Holds of the teams whose shards this replica owns. */
@Injectable()
export class HoldsService implements OnApplicationBootstrap, OnModuleDestroy {
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly desks: Desks,
    private readonly drawer: DeskDrawer,
    private readonly lineages: LineageCounts,
    private readonly softBudgets: SoftBudgets,
  ) {}

  onApplicationBootstrap(): void {
    this.#timer = setInterval(() => this.#tidy(), TIDY_MS).unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.#timer);
  }

  /** Sets money aside, or says why not. A request whose ticket is not good has no hold. */
  take({ ticket, ...bound }: RequestOf<typeof takeHold>): HoldAnswer | ServiceError {
    const order = this.drawer.orderOf(ticket, bound);
    if (!order) return new ServiceError('admission_refused', 'The request was not admitted; send it again.');
    const outcome = this.#take(order);
    return outcome.state === 'unknown' ? unavailable() : outcome;
  }

  /**
   * Waits for a hold that was not there at once.
   * @throws ServiceError `metering_unavailable` where nobody can say how its limits stand
   */
  async wait({ teamId, requestId }: RequestOf<typeof awaitHold>): Promise<HoldAnswer> {
    const outcome = await this.#outcomeOf(teamId, requestId);
    if (outcome.state === 'unknown') throw unavailable();
    return outcome;
  }

  /** The request will not run: what was held and counted for it is free. */
  release({ teamId, requestId }: RequestOf<typeof awaitHold>): void {
    const hold = this.desks.known(teamId)?.release(requestId);
    if (hold) this.lineages.undo(hold);
  }

  /** Usage was settled: nothing is held for these any more. */
  settled({ holds }: PayloadOf<typeof holdsSettled>): void {
    const desks = new Set<TeamDesk>();
    for (const { teamId, requestId, tokens } of holds) {
      const desk = this.desks.known(teamId);
      if (desk) desks.add(desk);
      this.lineages.settled(requestId, desk?.settled(requestId), tokens);
    }
    for (const desk of desks) desk.news();
  }

  #take(order: HoldOrder): HoldOutcome {
    const { admission } = order;
    const found = this.desks.of(admission.teamId);
    if (!found) return { state: 'not_owner' };
    if (found.desk.orderOf(admission.requestId)) return this.#complete(found.desk.take(order), order);
    if (this.lineages.outcomeOf(admission.requestId)) return { state: 'waiting' };
    if (this.lineages.takeTurn(admission)) return this.#hold(order, found);
    return this.lineages.waitForTurn(admission, () => this.#holdInTurn(order));
  }

  async #outcomeOf(teamId: TeamId, requestId: RequestId): Promise<HoldOutcome> {
    const ofTurn = await this.lineages.outcomeOf(requestId);
    if (ofTurn && ofTurn.state !== 'waiting') return ofTurn;
    const desk = this.desks.known(teamId);
    const order = desk?.orderOf(requestId);
    const answer = await desk?.wait(requestId);
    return answer && order ? this.#complete(answer, order) : { state: 'not_owner' };
  }

  /** Of a request whose turn has come. */
  #holdInTurn(order: HoldOrder): HoldOutcome {
    const found = this.desks.of(order.admission.teamId);
    if (found) return this.#hold(order, found);
    this.lineages.turnUnused(order.admission);
    return { state: 'not_owner' };
  }

  #hold(order: HoldOrder, { desk, tenure }: FoundDesk): HoldOutcome {
    const { admission, tokens } = order;
    const isBlind = tenure.isInherited && this.lineages.isBlindBefore(tenure.since);
    const tooFast = this.lineages.count(admission, tokens, isBlind);
    if (tooFast) return tooFast;
    const at = performance.now();
    const answer = desk.take(order);
    if (answer.state === 'waiting') void this.#undoUnlessHeld(order, at, desk);
    else if (answer.state !== 'held') this.lineages.undo({ order, at });
    return this.#complete(answer, order);
  }

  async #undoUnlessHeld(order: HoldOrder, at: number, desk: TeamDesk): Promise<void> {
    const answer = await desk.wait(order.admission.requestId);
    if (answer?.state !== 'held') this.lineages.undo({ order, at });
  }

  /** With how its rates stand, and what it is to be warned of. */
  #complete(answer: HoldOutcome, order: HoldOrder): HoldOutcome {
    if (!('rates' in answer)) return answer;
    const rates = this.lineages.standingsOf(order.admission);
    return answer.state === 'held'
      ? { ...answer, rates, warnings: this.softBudgets.usedUp(order) }
      : { ...answer, rates };
  }

  #tidy(): void {
    this.desks.tidy();
    this.lineages.tidy(this.drawer.lifeMs);
    this.softBudgets.tidy();
  }
}

function unavailable(): ServiceError {
  return new ServiceError('metering_unavailable', 'Nobody can say how the limits of this request stand right now.');
}
