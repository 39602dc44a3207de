import { setTimeout as wait } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { ServiceLog } from '@orgn/service-kit';
import { Counter, Gauge, Registry } from 'prom-client';
import { ArchiveDatabase } from '../archive/archive-database.ts';
import { ReceiptsRepository, type NewReceipt } from '../archive/receipts.repository.ts';
import type { Target } from '../exchange/target.ts';
import { ReceiptShelf } from './receipt-shelf.ts';

/** Receipts of one transaction. What is made meanwhile is in the next. */
const MOST_AT_ONCE = 200;
/** Others of the same moment come along. */
const GATHER_MS = 50;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;
const STOP_MS = 4_000;

/** Brings receipts from this router's memory into the archive, many at once, and again until it has taken them. */
@Injectable()
export class ReceiptKeeper {
  readonly shelf = new ReceiptShelf();
  /** Receipts that are being made: a stop waits for them, too. */
  underWay = 0;
  #waiting: string[] = [];
  #isRunning = false;
  #pauseMs = FIRST_PAUSE_MS;
  #isStopping = false;
  #hasStopped = false;
  readonly #made: Counter;

  constructor(
    private readonly database: ArchiveDatabase,
    private readonly repository: ReceiptsRepository,
    private readonly log: ServiceLog,
    registry: Registry,
  ) {
    this.#made = new Counter({
      name: 'orgn_receipts_total',
      help: 'Receipts by what they say; `lost` are those that were not made, or that nobody could keep.',
      labelNames: ['provider', 'status'],
      registers: [registry],
    });
    const count = () => this.#waiting.length;
    new Gauge({
      name: 'orgn_receipts_waiting',
      help: 'Receipts that are made and not in the archive yet.',
      registers: [registry],
      collect() {
        this.set(count());
      },
    });
  }

  /** Takes a receipt that is on the shelf. It stays there until it is kept; the oldest go when there are too many. */
  keep(requestId: string): void {
    const { orgn } = this.shelf.get(requestId)?.receipt ?? {};
    if (orgn) this.#made.inc({ provider: orgn.provider, status: orgn.status });
    if (!this.database.isConfigured) return;
    this.#waiting.push(requestId);
    if (!this.#isRunning) void this.#run();
  }

  /** One that was due will not come. @param target undefined where nobody was asked: then none was to be made */
  lose(requestId: string, target: Target | undefined): void {
    this.shelf.drop(requestId);
    if (target) this.#made.inc({ provider: target.model.provider, status: 'lost' });
  }

  /** Brings what is made, and what is being made, into the archive as far as that is to be had in 4 s. Nothing more is kept after it. */
  async finish(): Promise<void> {
    this.#isStopping = true;
    const until = Date.now() + STOP_MS;
    if (!this.database.isConfigured) return;
    while (this.#waiting.length + this.underWay > 0 && Date.now() < until) await wait(GATHER_MS);
    this.#hasStopped = true;
  }

  async #run(): Promise<void> {
    this.#isRunning = true;
    while (this.#waiting.length > 0 && !this.#hasStopped) {
      await wait(this.#isStopping ? 0 : GATHER_MS, undefined, { ref: false });
      await this.#keepSome();
    }
    this.#isRunning = false;
  }

  async #keepSome(): Promise<void> {
    const ids = this.#waiting.slice(0, MOST_AT_ONCE);
    const receipts = ids.map((id) => this.shelf.get(id)).filter((one): one is NewReceipt => one !== undefined);
    try {
      if (receipts.length > 0) await this.repository.keep(receipts);
      this.#waiting = this.#waiting.slice(ids.length);
      for (const id of ids) this.shelf.drop(id);
      this.#pauseMs = FIRST_PAUSE_MS;
    } catch (error) {
      this.log.warn('receipts not kept yet, will retry', { waiting: this.#waiting.length }, error);
      await wait(this.#pauseMs, undefined, { ref: false });
      this.#pauseMs = Math.min(this.#pauseMs * 2, LONGEST_PAUSE_MS);
      // Those that the shelf let go meanwhile are lost.
      this.#waiting = this.#waiting.filter((id) => this.shelf.get(id));
    }
  }
}
