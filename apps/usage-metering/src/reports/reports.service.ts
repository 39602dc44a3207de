import { Injectable } from '@nestjs/common';
import {
  ServiceError,
  type countDaily,
  type ReplyOf,
  type reportTeams,
  type reportUsage,
  type RequestOf,
} from '@orgn/contracts';
import { UsageStreamWatch } from '../usage/usage-stream-watch.ts';
import type { Cut } from './report.sql.ts';
import { ReportsRepository } from './reports.repository.ts';

type Question = RequestOf<typeof reportUsage>;

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const unitMs = { hour: HOUR_MS, day: DAY_MS } as const;
/** Units that a report has at most. */
const mostUnits = { hour: 8 * 24, day: 400 } as const;
const LIMITS = { groups: 200, drawn: 8 };
const everything = { teamId: null, key: null, model: null, member: null, execution: null };

/** What was used, as it is shown to people. */
@Injectable()
export class ReportsService {
  constructor(
    private readonly reports: ReportsRepository,
    private readonly stream: UsageStreamWatch,
  ) {}

  /** @throws ServiceError `invalid_request` for a range that is empty or too long */
  report({ by, ...of }: Question): Promise<ReplyOf<typeof reportUsage>> {
    return this.#read(of, by);
  }

  /** @throws ServiceError `invalid_request` for a range that is empty or too long */
  teams(span: RequestOf<typeof reportTeams>): Promise<ReplyOf<typeof reportTeams>> {
    return this.#read({ ...span, ...everything }, 'team');
  }

  async #read(of: Omit<Question, 'by'>, by: Cut['by']): Promise<ReplyOf<typeof reportUsage>> {
    // Before the sums are read: they may say more than this, never less.
    const completeUntil = this.stream.completeUntil?.toISOString() ?? null;
    const { from, until, before } = rangesOf(of);
    const { series, ...sums } = await this.reports.report(
      { ...of, from, until },
      { ...of, from: before, until: from },
      { ...LIMITS, by },
    );
    return {
      from: from.toISOString(),
      until: until.toISOString(),
      completeUntil,
      ...sums,
      series: series.map((one) => ({ ...one, at: one.at.toISOString() })),
    };
  }

  async daily({ teamId, keyIds, days }: RequestOf<typeof countDaily>): Promise<ReplyOf<typeof countDaily>> {
    const today = Math.floor(Date.now() / DAY_MS);
    const rows = await this.reports.daily(teamId, keyIds, new Date((today - days + 1) * DAY_MS));
    const keys = keyIds.map((keyId) => {
      const requests = Array.from({ length: days }, () => 0);
      for (const row of rows) {
        const place = Math.floor(row.at.getTime() / DAY_MS) - (today - days + 1);
        // A row of tomorrow, where this host is behind the database.
        if (row.keyId === keyId && place < days) requests[place] = Number(row.requests);
      }
      return { keyId, requests };
    });
    return { keys };
  }
}

/** Whole units around what was asked for, and where as long a time before begins. */
function rangesOf({ unit, from, until }: Pick<Question, 'unit' | 'from' | 'until'>): {
  from: Date;
  until: Date;
  before: Date;
} {
  const size = unitMs[unit];
  const first = Math.floor(Date.parse(from) / size);
  const end = Math.ceil(Date.parse(until) / size);
  if (end <= first) throw new ServiceError('invalid_request', 'until must be later than from.', { param: 'until' });
  if (end - first > mostUnits[unit]) {
    const message = `A report has ${mostUnits[unit]} ${unit}s at most.`;
    throw new ServiceError('invalid_request', message, { param: 'from' });
  }
  return { from: new Date(first * size), until: new Date(end * size), before: new Date((2 * first - end) * size) };
}
