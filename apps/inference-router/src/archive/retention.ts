import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { listGoneTeams, teamDeleted, type TeamId } from '@orgn/contracts';
import { Bus, ServiceLog } from '@orgn/service-kit';
import { RouterConfig } from '../config.ts';
import { ArchiveDatabase } from './archive-database.ts';
import { FORGET_OLD_BLOCKS } from './blocks.sql.ts';
import { FORGET_CONTENTS, FORGET_OLD, FORGET_TEAMS, TEAMS_AFTER } from './receipts.sql.ts';

const EVERY_MS = 3_600_000;
const FIRST_MS = 60_000;
/** Receipts deleted in one statement, and teams asked about in one question. */
const CHUNK = 2_000;
const TEAMS = 500;
/** When a router that heard of a team's end asks whether it is so: it hears of it before that is committed. */
const ASKED_AFTER_MS = [500, 3_000, 15_000];

/** Deletes receipts that are older than they are kept, and those of teams that have ended. */
@Injectable()
export class Retention implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly #timers = new Set<NodeJS.Timeout>();
  #stopListening: () => void = () => undefined;

  constructor(
    private readonly config: RouterConfig,
    private readonly database: ArchiveDatabase,
    private readonly bus: Bus,
    private readonly log: ServiceLog,
  ) {}

  onApplicationBootstrap(): void {
    if (!this.database.isConfigured) return;
    this.#stopListening = this.bus.listen(teamDeleted, ({ teamId }) => {
      for (const ms of ASKED_AFTER_MS) this.#later(ms, () => this.#try(() => this.forgetGone([teamId])));
    });
    this.#later(FIRST_MS, () => this.#turn());
  }

  onApplicationShutdown(): void {
    this.#stopListening();
    for (const timer of this.#timers) clearTimeout(timer);
  }

  /** @throws ServiceError `service_unavailable` */
  async forgetOld(): Promise<void> {
    const days = this.config.RECEIPT_DAYS;
    let forgotten: unknown[];
    do {
      [forgotten] = (await this.database.query(FORGET_OLD, [days, CHUNK])) as [unknown[]];
    } while (forgotten.length === CHUNK);
    await this.database.query(FORGET_OLD_BLOCKS, [days]);
    await this.database.query(FORGET_CONTENTS, [days]);
  }

  /** Asks about all teams that there are receipts of: whoever missed that a team ended learns it here. */
  async forgetEndedTeams(): Promise<void> {
    let after = '';
    for (;;) {
      const teams = await this.database.query<{ id: TeamId }>(TEAMS_AFTER, [after, TEAMS]);
      await this.forgetGone(teams.map(({ id }) => id));
      if (teams.length < TEAMS) return;
      after = teams.at(-1)?.id ?? '';
    }
  }

  /** Those among them that have ended, by the word of who keeps teams. */
  async forgetGone(teamIds: TeamId[]): Promise<void> {
    if (teamIds.length === 0) return;
    const { gone } = await this.bus.ask(listGoneTeams, { teamIds });
    if (gone.length > 0) await this.database.query(FORGET_TEAMS, [gone]);
  }

  async #turn(): Promise<void> {
    await this.#try(() => this.forgetOld());
    await this.#try(() => this.forgetEndedTeams());
    this.#later(EVERY_MS, () => this.#turn());
  }

  /** What could not be deleted is deleted next time. */
  async #try(work: () => Promise<void>): Promise<void> {
    await work().catch((error: unknown) => this.log.warn('receipts not cleaned up, will retry', {}, error));
  }

  #later(ms: number, work: () => Promise<void>): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      void work();
    }, ms).unref();
    this.#timers.add(timer);
  }
}
