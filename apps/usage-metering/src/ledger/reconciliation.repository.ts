import { Injectable } from '@nestjs/common';
import type { ReconciledLine } from '@orgn/contracts';
import { DataSource } from 'typeorm';
import { NEXT_TEAM } from './reconcile.sql.ts';
import { reconcileTeam } from './reconciliation.ts';

/** What is kept of teams, and what it is made of. */
@Injectable()
export class ReconciliationRepository {
  constructor(private readonly database: DataSource) {}

  /** The first team after another one that anything is kept of. */
  async next(after: string): Promise<string | null> {
    const [row] = await this.database.query<[{ teamId: string | null }]>(NEXT_TEAM, [after]);
    return row.teamId;
  }

  /** Recomputes all that is kept of a team, in one snapshot. */
  reconcile(teamId: string): Promise<ReconciledLine[]> {
    return this.database.transaction('REPEATABLE READ', async (manager) => {
      await manager.query('SET TRANSACTION READ ONLY');
      return reconcileTeam((statement, values) => manager.query<unknown[]>(statement, values), teamId);
    });
  }
}
