import { Injectable } from '@nestjs/common';
import { runPrepared, type PreparedStatement } from '@orgn/database';
import { DataSource } from 'typeorm';
import type { Limit } from './limit.ts';
import type { Drawn, Return, Stock } from './stock.ts';

/** A shard as an owner has it. */
export interface OwnedShard {
  shard: number;
  epoch: string;
}

const DRAW: PreparedStatement = {
  name: 'draw-blocks',
  text: 'SELECT * FROM draw_blocks($1, $2::smallint, $3::bigint, $4::text[], $5::text[], $6::text[], $7::timestamptz[], $8::bigint[], $9::bigint[], $10::bigint[])',
};
const RETURN: PreparedStatement = {
  name: 'return-blocks',
  text: 'SELECT return_blocks($1::text[], $2::bigint[], $3::bigint[], $4::boolean[])',
};
const OPEN: PreparedStatement = {
  name: 'open-scopes',
  text: 'SELECT open_scopes($1::text[], $2::text[], $3::text[], $4::text[], $5::timestamptz[], $6::bigint[])',
};

interface DrawnRow {
  place: string;
  block: string;
  drawn: string;
  cap: string;
  spent: string;
  held: string;
  ends: Date | null;
}

/** What one stock needs of its scope, and what it wishes beyond. */
export interface Need {
  stock: Stock;
  need: bigint;
  wish: bigint;
}

/** Blocks in the database: drawn, given back, and collected when nobody can speak for them any more. */
@Injectable()
export class BlocksRepository {
  constructor(private readonly database: DataSource) {}

  /** Makes scopes that are not there, and tells those that are their caps. */
  async open(team: string, limits: readonly Limit[]): Promise<void> {
    await runPrepared(this.database, OPEN, [
      limits.map(() => team),
      limits.map(({ kind }) => kind),
      limits.map(({ subject }) => subject),
      limits.map(({ period }) => period),
      limits.map(({ startsAt }) => startsAt),
      limits.map(({ cap }) => String(cap ?? 0n)),
    ]);
  }

  /** Draws what is needed from every scope, or nothing. @returns undefined when the shard is not this epoch's any more */
  async draw(team: string, { shard, epoch }: OwnedShard, needs: readonly Need[]): Promise<Drawn[] | undefined> {
    const limits = needs.map(({ stock }) => stock.limit);
    const rows = await runPrepared<DrawnRow>(this.database, DRAW, [
      ...[team, shard, epoch],
      limits.map(({ kind }) => kind),
      limits.map(({ subject }) => subject),
      limits.map(({ period }) => period),
      limits.map(({ startsAt }) => startsAt),
      needs.map(({ need }) => String(need)),
      needs.map(({ wish }) => String(wish)),
      needs.map(({ stock }) => stock.block ?? null),
    ]);
    return rows.length < needs.length ? undefined : rows.map(toDrawn);
  }

  /** Gives parts of a team's blocks back. */
  async giveBack(team: string, returns: readonly Return[]): Promise<void> {
    await runPrepared(this.database, RETURN, [
      [team],
      returns.map(({ block }) => block),
      returns.map(({ nanoUsd }) => String(nanoUsd)),
      returns.map(({ isEnded }) => isEnded),
    ]);
  }

  /**
   * Collects what is left of blocks that ended long ago.
   * @param settledUntil every word that was stored before has been settled
   * @returns nano-USD by team
   */
  async reap(lifeMs: number, settledUntil: Date): Promise<{ team: string; nanoUsd: string }[]> {
    const statement = 'SELECT team, nano_usd AS "nanoUsd" FROM reap_blocks($1, $2)';
    return this.database.query(statement, [lifeMs, settledUntil]);
  }

  /** Renews an owner's shards, late as well, and takes its share of those that nobody has. @returns all that it has, and how many it should */
  async keepShards(keeper: string, leaseMs: number): Promise<(OwnedShard & { share: number })[]> {
    return this.database.query('SELECT * FROM keep_shards($1, $2)', [keeper, leaseMs]);
  }

  async leaveShards(keeper: string, shards: readonly number[]): Promise<void> {
    await this.database.query('SELECT leave_shards($1, $2::smallint[])', [keeper, shards]);
  }
}

function toDrawn({ block, drawn, cap, spent, held, ends }: DrawnRow): Drawn {
  return { block, nanoUsd: BigInt(drawn), cap: BigInt(cap), spent: BigInt(spent), held: BigInt(held), ends };
}
