import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import type { TeamId } from '@orgn/contracts';
import { ServiceLog } from '@orgn/service-kit';
import { Gauge, Registry } from 'prom-client';
import { LedgerRepository } from './ledger.repository.ts';
import { ReconcilingService } from './reconciling.service.ts';

const LOOK_MS = 10 * 60_000;
/** The hour (UTC) that the books are gone through in. Whose clock it is does not matter: it is done once a day. */
const HOUR = 3;

/** Goes through the books every night, and says what does not agree. */
@Injectable()
export class NightlyReconciliation implements OnApplicationBootstrap, OnModuleDestroy {
  #timer: NodeJS.Timeout | undefined;
  #doneOn: string | undefined;
  #isStopping = false;
  readonly #differing: Gauge;

  constructor(
    private readonly reconciling: ReconcilingService,
    private readonly ledger: LedgerRepository,
    private readonly log: ServiceLog,
    registry: Registry,
  ) {
    this.#differing = new Gauge({
      name: 'orgn_ledger_differences',
      help: 'Balances, scopes and sums that did not agree with entries and rows when the books were last gone through.',
      registers: [registry],
    });
  }

  onApplicationBootstrap(): void {
    this.#timer = setInterval(() => void this.#look(new Date()), LOOK_MS).unref();
  }

  onModuleDestroy(): void {
    this.#isStopping = true;
    clearInterval(this.#timer);
  }

  async #look(now: Date): Promise<void> {
    const today = now.toISOString().slice(0, 10);
    if (now.getUTCHours() !== HOUR || this.#doneOn === today) return;
    this.#doneOn = today;
    await this.run();
  }

  /** Never throws: the next night is another chance, and an operator can ask at any time. */
  async run(): Promise<void> {
    let [cursor, lines, differing]: [string | null, number, number] = [null, 0, 0];
    try {
      do {
        const page = await this.reconciling.page({ cursor });
        for (const line of page.lines.filter((one) => one.differing > 0)) {
          differing += 1;
          this.log.error('books do not agree', undefined, { teamId: line.teamId, what: line.what, name: line.name });
        }
        // What was owed while funds were held is paid once they are free.
        for (const teamId of new Set(page.lines.map((line) => line.teamId)))
          await this.ledger.recover(teamId as TeamId);
        lines += page.lines.length;
        cursor = page.next;
      } while (cursor !== null && !this.#isStopping);
      this.#differing.set(differing);
      this.log.info('books gone through', { lines, differing });
    } catch (error) {
      this.log.error('books not gone through', error);
    }
  }
}
