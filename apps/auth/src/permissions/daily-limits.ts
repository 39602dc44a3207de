import { Injectable } from '@nestjs/common';
import type { UserId } from '@orgn/contracts';
import { AuthConfig } from '../config.ts';
import { TooOften } from '../console/too-often.ts';
import { AuthDatabase } from '../database/auth-database.ts';

/** One more, unless there is no room; the row is kept from everybody else until the transaction ends. */
const COUNT = `
  INSERT INTO daily_counts AS counted (what, whose, day, count)
  VALUES ($1, $2, (now() AT TIME ZONE 'utc')::date, 1)
  ON CONFLICT (what, whose, day) DO UPDATE SET count = counted.count + 1 WHERE counted.count < $3
  RETURNING count`;

const SECONDS_LEFT = `
  SELECT extract(epoch FROM date_trunc('day', now() AT TIME ZONE 'utc') + interval '1 day' - (now() AT TIME ZONE 'utc'))
    AS seconds`;

const EVERYBODY = 'everybody';

/**
 * What may be done so often in a day (UTC, by the database's clock), by one person and by everybody together. Counted in the
 * caller's transaction: what is undone was not done. Call it last in there, for others wait for the same counts.
 */
@Injectable()
export class DailyLimits {
  constructor(
    private readonly database: AuthDatabase,
    private readonly config: AuthConfig,
  ) {}

  /** Counts an invitation that will be mailed. @throws TooOften */
  async countInvitation(by: UserId): Promise<void> {
    await this.#count('invitation', by, this.config.MAX_INVITATIONS_PER_PERSON_PER_DAY);
    await this.#count('invitation', EVERYBODY, this.config.MAX_INVITATIONS_PER_DAY);
  }

  /** Counts a team that somebody makes. @throws TooOften */
  async countTeam(by: UserId): Promise<void> {
    await this.#count('team', by, this.config.MAX_TEAMS_PER_PERSON_PER_DAY);
  }

  /** Forgets the days before yesterday. */
  async sweep(): Promise<void> {
    await this.database.query((manager) =>
      manager.query(`DELETE FROM daily_counts WHERE day < (now() AT TIME ZONE 'utc')::date - 1`),
    );
  }

  async #count(what: string, whose: string, max: number): Promise<void> {
    const counted = await this.database.query((manager) => manager.query<unknown[]>(COUNT, [what, whose, max]));
    if (counted.length > 0) return;
    const [left] = await this.database.query((manager) => manager.query<{ seconds: string }[]>(SECONDS_LEFT));
    throw new TooOften(Math.max(1, Math.ceil(Number(left?.seconds))));
  }
}
