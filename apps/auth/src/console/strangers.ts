import { Injectable } from '@nestjs/common';
import { RateLimiter, ServiceLog } from '@orgn/service-kit';
import { Counter, Registry } from 'prom-client';

/** What somebody has tried whom we do not know. */
export type Attempted = 'sign_in' | 'logout_token' | 'leak_report' | 'webhook' | 'too_often';

/** What a log line says besides. */
export interface Detail {
  fields?: Parameters<ServiceLog['warn']>[1];
  error?: unknown;
}

/** Lines a minute that each kind of attempt may write for each reason. */
const LINES = { points: 6, seconds: 60 };
/** More reasons than there are. */
const REASONS = 256;

/**
 * What strangers do is counted, and now and then logged. A table or a log that grows with it would be theirs to fill: so
 * nothing of it goes into the audit log, and the lines of a minute are few.
 */
@Injectable()
export class Strangers {
  readonly #counter: Counter;
  readonly #lines = new RateLimiter(LINES, REASONS);
  readonly #unlogged = new Map<string, number>();

  constructor(
    private readonly log: ServiceLog,
    metrics: Registry,
  ) {
    this.#counter = new Counter({
      name: 'orgn_console_strangers_total',
      help: 'Attempts of callers that nobody knows: sign-ins that were never begun, forged tokens and reports, what came too often.',
      labelNames: ['attempt', 'reason'],
      registers: [metrics],
    });
  }

  /**
   * @param reason one of few names of ours
   * @param line event of the log line
   */
  count(attempt: Attempted, reason: string, line: string, detail: Detail = {}): void {
    this.#counter.inc({ attempt, reason });
    const name = `${attempt} ${reason}`;
    const unlogged = this.#unlogged.get(name) ?? 0;
    if (this.#lines.count(name) > 0) {
      this.#unlogged.set(name, unlogged + 1);
      return;
    }
    this.#unlogged.delete(name);
    const more = unlogged > 0 && { unlogged };
    this.log.warn(line, { reason, ...detail.fields, ...more }, detail.error);
  }
}
