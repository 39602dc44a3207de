import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The sums of usage once more, by one thing at a time: by model, by key, by member, by execution. A report reads as many of them
 * as it shows, where sums by all four at once are as many as there are combinations; for what is narrowed to one of the four,
 * an index finds its combinations. Triggers change them with the rows, as they do the sums by all four.
 */
export class KeepPartsOfUsage1797300000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('LOCK TABLE usage_rows IN SHARE ROW EXCLUSIVE MODE');
    for (const { whole, table } of rollups) {
      await runner.query(tableOf(table));
      await runner.query(addTo(table, `SELECT r.team_id, r.at, ${named('r.')}, ${sums.join(', ')} FROM ${whole} AS r`));
      await runner.query(`CREATE INDEX ${table}_time ON ${table} (part, at)`);
      for (const part of indexed)
        await runner.query(`CREATE INDEX ${whole}_of_${part} ON ${whole} (team_id, ${part}, at)`);
    }
    const [schema] = (await runner.query('SELECT quote_ident(current_schema()) AS name')) as [{ name: string }];
    for (const [name, change] of Object.entries(changes)) {
      await runner.query(functionOf(name, change.source, schema.name));
      await runner.query(`
        CREATE TRIGGER rollup_${name} AFTER ${change.on} ON usage_rows REFERENCING ${change.tables}
        FOR EACH STATEMENT EXECUTE FUNCTION rollup_${name}_rows()`);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const name of Object.keys(changes)) {
      await runner.query(`DROP TRIGGER rollup_${name} ON usage_rows`);
      await runner.query(`DROP FUNCTION rollup_${name}_rows()`);
    }
    for (const { whole, table } of rollups) {
      await runner.query(`DROP TABLE ${table}`);
      for (const part of indexed) await runner.query(`DROP INDEX ${whole}_of_${part}`);
    }
  }
}

const rollups = [
  { whole: 'usage_hours', table: 'usage_hour_parts', unit: 'hour' },
  { whole: 'usage_days', table: 'usage_day_parts', unit: 'day' },
] as const;

const parts = ['model', 'key', 'member', 'execution'];
/** There are few executions: an index would find most of the table. */
const indexed = ['key', 'model', 'member'];

const named = (of: string) => parts.map((part) => `${of}${part}`).join(', ');

const sums = ['requests', 'failed', 'cancelled', 'withheld', 'prompt_tokens', 'completion_tokens', 'cost_nano_usd'];
const keys = ['team_id', 'part', 'at', 'name', 'execution'];

const tableOf = (table: string) => `
  CREATE TABLE ${table} (
    team_id text NOT NULL,
    part text NOT NULL CHECK (part IN (${parts.map((part) => `'${part}'`).join(', ')})),
    at timestamptz NOT NULL,
    name text NOT NULL,
    execution text NOT NULL,
    ${sums.map((name) => `${name} bigint NOT NULL`).join(', ')},
    PRIMARY KEY (${keys.join(', ')})
  ) WITH (fillfactor = 70)`;

/** Rows are locked in the order of the key, so that replicas which write at the same time wait instead of deadlocking. */
function addTo(table: string, source: string): string {
  const added = sums.map((name) => `${name} = rolled.${name} + excluded.${name}`);
  return `
    INSERT INTO ${table} AS rolled (${keys.join(', ')}, ${sums.join(', ')})
    SELECT * FROM (
      SELECT w.team_id, p.part, w.at, p.name, w.execution, ${sums.map((name) => `sum(w.${name})::bigint AS ${name}`).join(', ')}
      FROM (${source}) AS w
      CROSS JOIN LATERAL (VALUES ${parts.map((part) => `('${part}', w.${part})`).join(', ')}) AS p (part, name)
      GROUP BY 1, 2, 3, 4, 5
    ) AS change
    WHERE ${sums.map((name) => `${name} <> 0`).join(' OR ')}
    ORDER BY ${keys.join(', ')}
    ON CONFLICT (${keys.join(', ')}) DO UPDATE SET ${added.join(', ')}`;
}

/** Rows of usage by all four, as the sums by all four name them. */
const ofRows = (unit: string, rows: string) => `
  SELECT r.team_id, date_trunc('${unit}', r.started_at, 'UTC') AS at, r.model,
    CASE r.source WHEN 'playground' THEN 'playground' ELSE r.key_id END AS key,
    coalesce(r.owner_id, CASE WHEN r.lineage_id IS NULL THEN 'unrecorded' ELSE 'operator' END) AS member, r.execution,
    r.sign AS requests, r.sign * (r.outcome = 'failed')::int AS failed, r.sign * (r.outcome = 'cancelled')::int AS cancelled,
    r.sign * (r.outcome = 'withheld')::int AS withheld, r.sign * r.prompt_tokens AS prompt_tokens,
    r.sign * r.completion_tokens AS completion_tokens,
    CASE r.outcome WHEN 'withheld' THEN 0 ELSE r.sign * r.cost_nano_usd END AS cost_nano_usd
  FROM (${rows}) AS r`;

/** The rows that a statement has written and taken away, by what it does. */
const changes: Record<string, { on: string; tables: string; source: string }> = {
  inserted: { on: 'INSERT', tables: 'NEW TABLE AS new_rows', source: 'SELECT *, 1 AS sign FROM new_rows' },
  updated: {
    on: 'UPDATE',
    tables: 'NEW TABLE AS new_rows OLD TABLE AS old_rows',
    source: 'SELECT *, 1 AS sign FROM new_rows UNION ALL SELECT *, -1 AS sign FROM old_rows',
  },
  deleted: { on: 'DELETE', tables: 'OLD TABLE AS old_rows', source: 'SELECT *, -1 AS sign FROM old_rows' },
};

/** With a search path of its own: who writes rows may have another one. */
const functionOf = (name: string, source: string, schema: string) => `
  CREATE FUNCTION rollup_${name}_rows() RETURNS trigger LANGUAGE plpgsql SET search_path = ${schema}, pg_temp AS $$
  BEGIN
    ${rollups.map(({ table, unit }) => `${addTo(table, ofRows(unit, source))};`).join('\n')}
    RETURN NULL;
  END
  $$`;
