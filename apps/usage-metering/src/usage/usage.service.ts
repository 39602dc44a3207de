import { Injectable } from '@nestjs/common';
import type { isReceiptDue, listUsage, ReplyOf, RequestOf, summarizeUsage } from '@orgn/contracts';
import { UsageRepository } from './usage.repository.ts';

const EVER = '1970-01-01T00:00:00Z';

/** What teams have used. */
@Injectable()
export class UsageService {
  constructor(private readonly rows: UsageRepository) {}

  /** Totals of a team, of all time or of requests that were admitted at `since` or later, by the database's clock. */
  summarize({ teamId, since }: RequestOf<typeof summarizeUsage>): Promise<ReplyOf<typeof summarizeUsage>> {
    return this.rows.sumByTeam(teamId, since ?? EVER);
  }

  async isReceiptDue({ teamId, requestId }: RequestOf<typeof isReceiptDue>): Promise<ReplyOf<typeof isReceiptDue>> {
    return { isDue: await this.rows.isReceiptDue(teamId, requestId) };
  }

  /** A page of a team's rows, oldest request first. */
  async list({ teamId, cursor, limit }: RequestOf<typeof listUsage>): Promise<ReplyOf<typeof listUsage>> {
    // One row more than asked for says whether there is a next page.
    const found = await this.rows.findByTeam(teamId, cursor, limit + 1);
    const rows = found.slice(0, limit);
    return { rows, next: found.length > limit ? (rows.at(-1)?.requestId ?? null) : null };
  }
}
