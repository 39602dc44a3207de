import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import {
  lineagesCounted,
  MAX_COUNTS,
  type HoldAnswer,
  type KeyId,
  type PayloadOf,
  type RequestId,
} from '@orgn/contracts';
import { Bus, type Admission } from '@orgn/service-kit';
import { UsageMeteringConfig } from '../config.ts';
import type { HoldOutcome, OpenHold } from './hold-order.ts';
import { Rates, type Counted } from './rates.ts';
import { Turns } from './turns.ts';

type TooFast = Extract<HoldAnswer, { state: 'too_fast' }>;
type Said = PayloadOf<typeof lineagesCounted>;

/** How often others are told what was counted here, and how long nobody needs to have been listened to. */
const SAY_MS = 250;
const MINUTE_MS = 61_000;
const SECOND_MS = 1_000;
/** What waits to be told; what is beyond is not, and the next owner lets a little more through. */
const MOST_UNTOLD = 20_000;

/**
 * What limits a key's lineage by the minute and at a time. Only its team's owner counts; all others carry along what owners count,
 * so that whoever is the next one goes on from there.
 */
@Injectable()
export class LineageCounts implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #untold = new Map<string, Counted>();
  readonly #rates = new Rates((counted) => this.#note(counted));
  readonly #turns: Turns;
  #opened: Said['opened'] = [];
  #ended: RequestId[] = [];
  #listensSince = Infinity;
  #timer: NodeJS.Timeout | undefined;
  #stopListening: () => void = () => undefined;

  constructor(
    private readonly bus: Bus,
    private readonly config: UsageMeteringConfig,
  ) {
    this.#turns = new Turns(config.HOLD_WAIT_MS);
  }

  onApplicationBootstrap(): void {
    this.#stopListening = this.bus.listen(lineagesCounted, (said) => this.#hear(said));
    this.#listensSince = performance.now();
    this.#timer = setInterval(() => this.tell(), SAY_MS).unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.#timer);
    this.tell();
    this.#stopListening();
  }

  /** Whether somebody may have counted before that moment, within the last minute, what nobody has said here. */
  isBlindBefore(since: number): boolean {
    return performance.now() - since < MINUTE_MS && since - this.#listensSince < MINUTE_MS;
  }

  /** Whether as few requests of its lineage run that this one may. */
  takeTurn(admission: Admission): boolean {
    const isTaken = this.#turns.take(admission);
    if (isTaken && admission.concurrency !== null) this.#open(admission);
    return isTaken;
  }

  /** Has a request wait for others of its lineage to end. */
  waitForTurn(admission: Admission, admit: () => HoldOutcome | Promise<HoldOutcome>): HoldAnswer {
    const rates = this.#rates.standingsOf(admission);
    const late: TooFast = { state: 'too_fast', what: 'concurrency', retryMs: SECOND_MS, rates };
    const admitNow = () => {
      this.#open(admission);
      return admit();
    };
    return this.#turns.wait(admission, admitNow, late) ? { state: 'waiting' } : late;
  }

  outcomeOf(requestId: RequestId): Promise<HoldOutcome> | undefined {
    return this.#turns.outcomeOf(requestId);
  }

  /** Counts a request by the minute. @returns why it comes too soon; its turn is free again then */
  count(admission: Admission, tokens: number, isBlind: boolean): TooFast | undefined {
    const tooFast = this.#rates.take(admission, tokens, isBlind);
    if (tooFast) this.turnUnused(admission);
    return tooFast;
  }

  /** A hold did not come about, or its request will not run. */
  undo(hold: Pick<OpenHold, 'order' | 'at'>): void {
    this.#rates.ended(hold, undefined);
    this.turnUnused(hold.order.admission);
  }

  turnUnused({ requestId, concurrency }: Admission): void {
    if (concurrency === null) return;
    if (this.#ended.length < MOST_UNTOLD) this.#ended.push(requestId);
    this.#turns.ended(requestId);
  }

  /** A request has ended. @param hold if it was given here */
  settled(requestId: RequestId, hold: OpenHold | undefined, tokens: number): void {
    if (hold) this.#rates.ended(hold, tokens);
    this.#turns.ended(requestId);
  }

  standingsOf(admission: Pick<Admission, 'lineageId' | 'rpm' | 'tpm'>) {
    return this.#rates.standingsOf(admission);
  }

  tidy(lifeMs: number): void {
    this.#rates.tidy();
    this.#turns.tidy(lifeMs);
  }

  /** Tells the others what was counted here since the last time. */
  tell(): void {
    const counted = [...this.#untold.values()];
    this.#untold.clear();
    const [opened, ended] = [this.#opened, this.#ended];
    [this.#opened, this.#ended] = [[], []];
    const now = performance.now();
    const counts = counted.map(({ lineageId, at, requests, tokens }) => {
      return { lineageId, agoMs: Math.max(0, Math.round(now - at)), requests, tokens };
    });
    const most = Math.max(counts.length, opened.length, ended.length);
    for (let at = 0; at < most; at += MAX_COUNTS)
      this.bus.broadcast(lineagesCounted, {
        instance: this.config.INSTANCE,
        counts: counts.slice(at, at + MAX_COUNTS),
        opened: opened.slice(at, at + MAX_COUNTS),
        ended: ended.slice(at, at + MAX_COUNTS),
      });
  }

  #open({ lineageId, requestId }: { lineageId: KeyId; requestId: RequestId }): void {
    if (this.#opened.length < MOST_UNTOLD) this.#opened.push({ lineageId, requestId });
  }

  /** One entry a lineage and second. */
  #note({ lineageId, at, requests, tokens }: Counted): void {
    const key = `${lineageId} ${String(Math.floor(at / SECOND_MS))}`;
    const known = this.#untold.get(key);
    if (known) Object.assign(known, { requests: known.requests + requests, tokens: known.tokens + tokens });
    else if (this.#untold.size < MOST_UNTOLD) this.#untold.set(key, { lineageId, at, requests, tokens });
  }

  #hear({ instance, counts, opened, ended }: Said): void {
    if (instance === this.config.INSTANCE) return;
    const now = performance.now();
    for (const { agoMs, ...counted } of counts) this.#rates.heard({ ...counted, at: now - agoMs });
    for (const { requestId, lineageId } of opened) this.#turns.heard(requestId, lineageId);
    for (const requestId of ended) this.#turns.ended(requestId);
  }
}
