import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import {
  holdsSettled,
  ServiceError,
  type awaitHold,
  type HoldAnswer,
  type PayloadOf,
  type RequestOf,
  type takeHold,
  type TeamId,
} from '@orgn/contracts';
import { Bus } from '@orgn/service-kit';
import { Gauge, Registry } from 'prom-client';
import { DeskDrawer } from './desk-drawer.ts';
import type { OpenHold } from './hold-order.ts';
import { Rates } from './rates.ts';
import { ShardsService, type Tenure } from './shards.service.ts';
import { TeamDesk } from './team-desk.ts';

const TIDY_MS = 1_000;

/** Holds of the teams whose shards this replica owns. */
@Injectable()
export class HoldsService implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #desks = new Map<string, { desk: TeamDesk; tenure: Tenure }>();
  readonly #rates = new Rates();
  #timer: NodeJS.Timeout | undefined;
  #stopListening: () => void = () => undefined;

  constructor(
    private readonly shards: ShardsService,
    private readonly drawer: DeskDrawer,
    private readonly bus: Bus,
    registry: Registry,
  ) {
    shards.onLost((lost, isOrderly) => this.#close(lost, isOrderly));
    const owned = () => shards.owned.length;
    new Gauge({
      name: 'orgn_hold_shards',
      help: 'Shards of teams that this replica holds money for; 64 over all replicas.',
      registers: [registry],
      collect() {
        this.set(owned());
      },
    });
    const open = () => [...this.#desks.values()].reduce((sum, { desk }) => sum + desk.openHolds, 0);
    new Gauge({
      name: 'orgn_hold_open',
      help: 'Requests that money is held for by this replica, or that are counted against a rate.',
      registers: [registry],
      collect() {
        this.set(open());
      },
    });
  }

  onApplicationBootstrap(): void {
    this.#stopListening = this.bus.listen(holdsSettled, (news) => this.#settled(news));
    this.#timer = setInterval(() => this.#tidy(), TIDY_MS).unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.#timer);
    this.#stopListening();
  }

  /** Sets money aside, or says why not. A request whose ticket is not good has no hold. */
  take({ ticket, ...bound }: RequestOf<typeof takeHold>): HoldAnswer | ServiceError {
    const order = this.drawer.orderOf(ticket, bound);
    if (!order) return new ServiceError('admission_refused', 'The request was not admitted; send it again.');
    const { admission } = order;
    const found = this.#deskOf(admission.teamId);
    if (!found) return { state: 'not_owner' };
    const { desk, tenure } = found;
    if (desk.knows(admission.requestId)) return this.#withRates(desk.take(order), admission);
    const tooFast = this.#rates.take(admission, bound.tokens, tenure.isInherited ? tenure.since : undefined);
    if (tooFast) return tooFast;
    const answer = desk.take(order);
    if (answer.state === 'refused') this.#rates.ended({ order, at: performance.now() }, undefined);
    return this.#withRates(answer, admission);
  }

  /** Waits for a hold that was not there at once. */
  async wait({ teamId, requestId }: RequestOf<typeof awaitHold>): Promise<HoldAnswer> {
    const desk = this.#desks.get(teamId)?.desk;
    return (await desk?.wait(requestId)) ?? { state: 'not_owner' };
  }

  /** The request will not run: what was held and counted for it is free. */
  release({ teamId, requestId }: RequestOf<typeof awaitHold>): void {
    const hold = this.#desks.get(teamId)?.desk.release(requestId);
    if (hold) this.#rates.ended(hold, undefined);
  }

  #settled({ holds }: PayloadOf<typeof holdsSettled>): void {
    const teams = new Set<TeamDesk>();
    for (const { teamId, requestId, tokens } of holds) {
      const desk = this.#desks.get(teamId)?.desk;
      if (!desk) continue;
      teams.add(desk);
      const hold = desk.settled(requestId);
      if (hold) this.#rates.ended(hold, tokens);
    }
    for (const desk of teams) desk.news();
  }

  #withRates(answer: HoldAnswer, admission: Parameters<Rates['standingsOf']>[0]): HoldAnswer {
    return 'rates' in answer ? { ...answer, rates: this.#rates.standingsOf(admission) } : answer;
  }

  #deskOf(teamId: TeamId): { desk: TeamDesk; tenure: Tenure } | undefined {
    const tenure = this.shards.tenureOf(teamId);
    if (!tenure) return undefined;
    const known = this.#desks.get(teamId);
    if (known?.tenure === tenure) return known;
    const made = { desk: new TeamDesk(this.drawer.toolsFor(teamId, tenure)), tenure };
    this.#desks.set(teamId, made);
    return made;
  }

  async #close(lost: readonly Tenure[], isOrderly: boolean): Promise<void> {
    const gone = new Set(lost);
    for (const [team, { desk, tenure }] of this.#desks) {
      if (!gone.has(tenure)) continue;
      this.#desks.delete(team);
      const returns = desk.close();
      // Somebody else's by now: its blocks have ended, and are collected with all that is in them.
      if (isOrderly && returns.length > 0) await this.drawer.giveBackNow(team, returns);
    }
  }

  #tidy(): void {
    const now = performance.now();
    const isOld = ({ at }: OpenHold) => now - at > this.drawer.lifeMs;
    for (const [team, { desk }] of this.#desks) {
      desk.tidy(Date.now(), isOld);
      if (desk.isEmpty) this.#desks.delete(team);
    }
    this.#rates.tidy();
  }
}
