import { Injectable } from '@nestjs/common';
import type { TeamId } from '@orgn/contracts';
import { KeysDatabase } from '../keys/keys.database.ts';

const FIND = 'SELECT tee_demands AS demands FROM team_standings WHERE team_id = $1';
const SET = `
  INSERT INTO team_standings (team_id, standing, tee_demands, changed_at) VALUES ($1, 'active', $2, statement_timestamp())
  ON CONFLICT (team_id) DO UPDATE SET tee_demands = excluded.tee_demands`;

/** What teams demand of enclaves: of the table team_standings. */
@Injectable()
export class DemandsRepository {
  constructor(private readonly database: KeysDatabase) {}

  async find(teamId: TeamId): Promise<string | null> {
    const rows = await this.database.ask((manager) => manager.query<{ demands: string | null }[]>(FIND, [teamId]));
    return rows[0]?.demands ?? null;
  }

  async set(teamId: TeamId, demands: string | null): Promise<void> {
    await this.database.ask((manager) => manager.query(SET, [teamId, demands]));
  }
}
