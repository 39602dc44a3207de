import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { ServiceLog } from '@orgn/service-kit';
import { WaitingWords } from '../waiting/waiting-words.ts';
import { SettlingService } from './settling.service.ts';

const LOOK_MS = 2_000;
const PAGE = 500;

/** Settles words that waited for their price once it is known. */
@Injectable()
export class WaitingTurn implements OnApplicationBootstrap, OnModuleDestroy {
  #timer: NodeJS.Timeout | undefined;
  #isRunning = false;

  constructor(
    private readonly words: WaitingWords,
    private readonly settling: SettlingService,
    private readonly log: ServiceLog,
  ) {}

  onApplicationBootstrap(): void {
    this.#timer = setInterval(() => void this.run(), LOOK_MS).unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.#timer);
  }

  /** Never throws: what could not be settled waits for the next turn. */
  async run(): Promise<void> {
    if (this.#isRunning) return;
    this.#isRunning = true;
    try {
      await this.#goThrough();
    } catch (error) {
      this.log.warn('words that wait could not be looked at', {}, error);
    } finally {
      this.#isRunning = false;
    }
  }

  async #goThrough(): Promise<void> {
    let last = '';
    for (;;) {
      const page = await this.words.after(last, PAGE);
      const end = page.at(-1);
      if (!end) break;
      last = end.id;
      for (const witness of ['router', 'gateway'] as const) {
        const said = page.filter((word) => word.witness === witness);
        const settled = await this.settling.settleWaiting(
          witness,
          said.map(({ event }) => event),
        );
        await this.words.forget(said.filter((_, index) => settled[index]).map(({ id }) => id));
      }
    }
    // Where none waits nobody has to count them.
    if (last === '') this.words.noted(0);
    else await this.words.count();
  }
}
