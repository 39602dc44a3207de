import { Injectable } from '@nestjs/common';
import type { Alert, TeamId } from '@orgn/contracts';
import { DataSource } from 'typeorm';
import * as sql from './alert.sql.ts';

type Row = Omit<Alert, 'openedAt' | 'closedAt'> & { openedAt: Date; closedAt: Date | null };

/** A limit, by its window, of which too little was left for a request. */
export interface RefusedScope {
  teamId: string;
  kind: Alert['kind'];
  subject: string;
  period: Alert['period'];
  startsAt: Date;
  /** What the request needed. */
  nanoUsd: bigint;
}

/** Alerts, and at which shares of a limit there are some. */
@Injectable()
export class AlertsRepository {
  constructor(private readonly database: DataSource) {}

  /** Opens and closes what is due of some teams. @param refused of these teams @returns what has opened and closed */
  check(teamIds: readonly string[], refused: readonly RefusedScope[]): Promise<Alert[]> {
    const columns = [
      refused.map(({ teamId }) => teamId),
      refused.map(({ kind }) => kind),
      refused.map(({ subject }) => subject),
      refused.map(({ period }) => period),
      refused.map(({ startsAt }) => startsAt),
      refused.map(({ nanoUsd }) => String(nanoUsd)),
    ];
    return this.database.transaction(async (manager) => {
      await manager.query(sql.MARK, [teamIds]);
      return (await manager.query<Row[]>(sql.CHECK, [teamIds, ...columns])).map(toAlert);
    });
  }

  async teamsAfter(teamId: string): Promise<string[]> {
    const rows = await this.database.query<{ teamId: string }[]>(sql.TEAMS, [teamId]);
    return rows.map((row) => row.teamId);
  }

  /**
   * Tells the first alert after `id` that nobody was told of yet and no other replica is about to tell. A transaction of its own: what
   * was told stays told whatever becomes of the next one.
   * @returns its id, and whether it was told; undefined: there was none
   */
  tellNext(id: string, tell: (alert: Alert) => Promise<boolean>): Promise<{ id: string; isTold: boolean } | undefined> {
    return this.database.transaction(async (manager) => {
      const [row] = await manager.query<Row[]>(sql.UNTOLD, [id]);
      if (!row) return undefined;
      const isTold = await tell(toAlert(row));
      if (isTold) await manager.query(sql.TOLD, [row.id]);
      return { id: row.id, isTold };
    });
  }

  async percents(teamId: TeamId): Promise<number[]> {
    const [row] = await this.database.query<[{ percents: number[] }]>(sql.PERCENTS, [teamId]);
    return row.percents;
  }

  async choose(teamId: TeamId, percents: readonly number[]): Promise<void> {
    await this.database.query(sql.CHOOSE, [teamId, percents]);
  }

  async list(teamId: TeamId, limit: number): Promise<Alert[]> {
    return (await this.database.query<Row[]>(sql.LIST, [teamId, limit])).map(toAlert);
  }
}

function toAlert({ openedAt, closedAt, ...row }: Row): Alert {
  return { ...row, openedAt: openedAt.toISOString(), closedAt: closedAt?.toISOString() ?? null };
}
