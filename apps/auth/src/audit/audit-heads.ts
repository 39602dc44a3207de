import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import type { AuditChain, AuditHead, AuditPlace } from '@orgn/contracts';
import { ServiceLog } from '@orgn/service-kit';
import { Counter, Registry } from 'prom-client';
import { AuditChainsRepository } from './audit-chains.repository.ts';

const HOUR_MS = 3_600_000;
/** An entry is numbered before its transaction ends: what was still open is said at the next hour, and some of it twice. */
const OVERLAP_MS = 60_000;
/** Chains whose last published head is remembered; beyond, the one published longest ago is forgotten. */
const MOST_REMEMBERED = 100_000;

/**
 * Publishes the heads of chains that have grown, in the log, every hour: whoever keeps logs elsewhere can tell when the owner
 * of the database rewrote the audit log. What was published is remembered and looked up again, so that this is noticed at
 * the next hour. Keeps months ready too.
 */
@Injectable()
export class AuditHeads implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #published = new Map<AuditChain, AuditPlace>();
  readonly #rewritten: Counter;
  #since = new Date(Date.now() - HOUR_MS);
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly chains: AuditChainsRepository,
    private readonly log: ServiceLog,
    registry: Registry,
  ) {
    this.#rewritten = new Counter({
      name: 'orgn_audit_rewritten_total',
      help: 'Published heads of the audit log that the database no longer bears out: somebody has rewritten it.',
      registers: [registry],
    });
  }

  async onApplicationBootstrap(): Promise<void> {
    this.#timer = setInterval(() => void this.publish(), HOUR_MS).unref();
    await this.publish();
  }

  onModuleDestroy(): void {
    clearInterval(this.#timer);
  }

  /** Never throws: what is not published this hour is in the next. */
  async publish(): Promise<void> {
    try {
      const made = await this.chains.makeMonths();
      if (made > 0) this.log.info('audit months made', { made });
      const moved = await this.chains.moved(this.#since);
      await this.#checkPublished();
      for (const head of moved) this.#say(head);
      this.log.info('audit heads', { moved: moved.length });
      const latest = moved.at(-1)?.at;
      if (latest) this.#since = new Date(Date.parse(latest) - OVERLAP_MS);
    } catch (error) {
      this.log.error('audit heads not published', error);
    }
  }

  #say({ chain, seq, hash }: AuditHead): void {
    this.log.info('audit head', { chain, seq, hash });
    this.#published.delete(chain);
    this.#published.set(chain, { seq, hash });
    const [oldest] = this.#published.keys();
    if (this.#published.size > MOST_REMEMBERED && oldest !== undefined) this.#published.delete(oldest);
  }

  async #checkPublished(): Promise<void> {
    for (const [chain, { seq, hash }] of this.#published) {
      const found = await this.chains.hashAt(chain, seq);
      if (found === hash || (found === null && (await this.chains.isCut(chain, seq)))) continue;
      this.#published.delete(chain);
      this.#rewritten.inc();
      this.log.error('audit chain was rewritten', undefined, { chain, seq });
    }
  }
}
