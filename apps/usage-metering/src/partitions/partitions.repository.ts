import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';

@Injectable()
export class PartitionsRepository {
  constructor(private readonly database: DataSource) {}

  /** Makes the months that are missing and answers how many those were. This role may change tables in no other way. */
  async makeMissing(): Promise<number> {
    const [row] = await this.database.query<[{ made: number }]>('SELECT make_usage_partitions() AS made');
    return row.made;
  }

  /** Rows that belong to no month, counted up to `limit`. */
  async countStray(limit: number): Promise<number> {
    const counted = 'SELECT count(*)::int AS stray FROM (SELECT 1 FROM usage_rows_default LIMIT $1) AS found';
    const [row] = await this.database.query<[{ stray: number }]>(counted, [limit]);
    return row.stray;
  }
}
