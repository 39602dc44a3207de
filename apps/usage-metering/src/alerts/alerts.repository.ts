import { Injectable } from '@nestjs/common';
import type { Alert, TeamId } from '@orgn/contracts';
import { DataSource } from 'typeorm';
import * as sql from './alert.sql.ts';

type Row = Omit<Alert, 'openedAt' | 'closedAt'> & { openedAt: Date; closedAt: Date | null };

/** Alerts, and at which shares of a limit there are some. */
@Injectable()
export class AlertsRepository {
  constructor(private readonly database: DataSource) {}

  /** Opens and closes what is due of some teams. @returns what has opened and closed */
  check(teamIds: readonly string[]): Promise<Alert[]> {
    return this.database.transaction(async (manager) => {
      await manager.query(sql.MARK, [teamIds]);
      return (await manager.query<Row[]>(sql.CHECK, [teamIds])).map(toAlert);
    });
  }

  async teamsAfter(teamId: string): Promise<string[]> {
    const rows = await this.database.query<{ teamId: string }[]>(sql.TEAMS, [teamId]);
    return rows.map((row) => row.teamId);
  }

  /** Tells what nobody has been told of yet, unless another replica is about it. */
  tellUntold(tell: (alert: Alert) => Promise<void>): Promise<void> {
    return this.database.transaction(async (manager) => {
      const [{ isAlone }] = await manager.query<[{ isAlone: boolean }]>(sql.ALONE);
      if (!isAlone) return;
      for (const row of await manager.query<Row[]>(sql.UNTOLD)) {
        await tell(toAlert(row));
        await manager.query(sql.TOLD, [row.id]);
      }
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
