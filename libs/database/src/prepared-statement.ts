import type { Pool, PoolClient, QueryResultRow } from 'pg';
import { QueryFailedError, type DataSource } from 'typeorm';

/** A statement that runs all the time: each connection has it read and planned once, which is most of what it would cost. */
export interface PreparedStatement {
  /** Another text has another name. */
  name: string;
  text: string;
}

/** What Postgres says when a migration changed what a planned statement answers. */
const PLAN_IS_OLD = '0A000';
/** What it says on connections that end (SQLSTATE classes). */
const ending = /^(08|57P)/;

/**
 * Runs a prepared statement on a connection of the pool, outside of any transaction.
 * @throws QueryFailedError as TypeORM's own queries do
 */
export async function runPrepared<R extends QueryResultRow>(
  source: DataSource,
  statement: PreparedStatement,
  values: unknown[],
): Promise<R[]> {
  try {
    return await runOn<R>(source, statement, values);
  } catch (error) {
    // The connection that held the plan is gone, and nothing was done.
    if (codeOf(error) === PLAN_IS_OLD) return runOn<R>(source, statement, values);
    throw error;
  }
}

async function runOn<R extends QueryResultRow>(
  source: DataSource,
  statement: PreparedStatement,
  values: unknown[],
): Promise<R[]> {
  const client = await poolOf(source).connect();
  // Whoever holds a connection is told when it breaks, and must listen.
  client.on('error', ignore);
  let fault: Error | undefined;
  source.logger.logQuery(statement.text, values);
  try {
    return (await client.query<R>({ ...statement, values })).rows;
  } catch (error) {
    fault = error as Error;
    throw new QueryFailedError(statement.text, values, fault);
  } finally {
    release(client, fault);
  }
}

/** A connection goes back, unless it broke or holds a plan that is of no use any more. */
function release(client: PoolClient, fault: Error | undefined): void {
  const code = codeOf(fault);
  client.off('error', ignore);
  client.release(fault !== undefined && (code === undefined || code === PLAN_IS_OLD || ending.test(code)));
}

const ignore = () => undefined;

/** SQLSTATE; undefined for what the server did not say. */
function codeOf(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | undefined)?.code;
  return typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) ? code : undefined;
}

/** TypeORM types its driver as any, and opens its pool before anything is asked. */
function poolOf(source: DataSource): Pool {
  return (source.driver as unknown as { master: Pool }).master;
}
