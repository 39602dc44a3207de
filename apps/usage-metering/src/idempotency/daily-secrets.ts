import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { IdempotencyRepository } from './idempotency.repository.ts';

const DAY_MS = 24 * 3_600_000;

/** The secrets of the day, made a day ahead so that replicas whose clocks differ by less than that know the same ones. */
@Injectable()
export class DailySecrets {
  #known: { today: string; secrets: Promise<Buffer[]> } | undefined;

  constructor(private readonly repository: IdempotencyRepository) {}

  /** Today's secret (UTC) first, then those that what was begun within the last 24 hours may be hidden under. */
  live(now = Date.now()): Promise<Buffer[]> {
    const today = toDay(now);
    if (this.#known?.today !== today) {
      const known = { today, secrets: this.#load(now) };
      this.#known = known;
      known.secrets.catch(() => {
        if (this.#known === known) this.#known = undefined;
      });
    }
    return this.#known.secrets;
  }

  /** Asks for them again: the database is another one than before. */
  forget(): void {
    this.#known = undefined;
  }

  async #load(now: number): Promise<Buffer[]> {
    const [yesterday, today, tomorrow] = [now - DAY_MS, now, now + DAY_MS].map(toDay) as [string, string, string];
    const offered = [today, tomorrow].map((day) => ({ day, secret: randomBytes(32), expiresAt: afterNextDay(day) }));
    const secrets = await this.repository.shareSecrets(offered, yesterday);
    return [today, yesterday, tomorrow].flatMap((day) => secrets.get(day) ?? []);
  }
}

function toDay(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

/** The end of the day after `day`: nothing that was begun on `day` counts any longer then. */
function afterNextDay(day: string): Date {
  return new Date(Date.parse(`${day}T00:00:00Z`) + 2 * DAY_MS);
}
