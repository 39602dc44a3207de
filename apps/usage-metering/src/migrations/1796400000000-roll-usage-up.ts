import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Sums of usage by the hour and by the day (UTC). Triggers change them by what a statement changes of the rows, so they are
 * committed with the rows or not at all, whoever writes those: also a replica of the release before, and an operator's hand.
 */
export class RollUsageUp1796400000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE usage_rows ADD COLUMN source text NOT NULL DEFAULT 'api' CHECK (source IN ('api', 'playground'))`);
    await runner.query('LOCK TABLE usage_rows IN SHARE ROW EXCLUSIVE MODE');
    for (const [table, unit] of rollups) {
      await runner.query(tableOf(table));
      await runner.query(`CREATE INDEX ${table}_key ON ${table} (key, at)`);
      await runner.query(addTo(table, unit, 'SELECT *, 1 AS sign FROM usage_rows'));
    }
    const [schema] = (await runner.query('SELECT quote_ident(current_schema()) AS name')) as [{ name: string }];
    for (const [name, source] of Object.entries(changes)) await runner.query(functionOf(name, source, schema.name));
    for (const trigger of triggers) await runner.query(trigger);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const name of Object.keys(changes)) {
      await runner.query(`DROP TRIGGER roll_${name} ON usage_rows`);
      await runner.query(`DROP FUNCTION roll_${name}_rows()`);
    }
    for (const [table] of rollups) await runner.query(`DROP TABLE ${table}`);
    await runner.query('ALTER TABLE usage_rows DROP COLUMN source');
  }
}

const rollups = [
  ['usage_hours', 'hour'],
  ['usage_days', 'day'],
] as const;

/** What sums are told apart by. */
const names = ['team_id', 'at', 'model', 'key', 'member', 'execution'];

/** What is summed up, of a row `r` and its sign. */
const sums: Record<string, string> = {
  requests: 'r.sign',
  failed: "r.sign * (r.outcome = 'failed')::int",
  cancelled: "r.sign * (r.outcome = 'cancelled')::int",
  withheld: "r.sign * (r.outcome = 'withheld')::int",
  prompt_tokens: 'r.sign * r.prompt_tokens',
  completion_tokens: 'r.sign * r.completion_tokens',
  // Nobody pays for an answer that was not released.
  cost_nano_usd: "CASE r.outcome WHEN 'withheld' THEN 0 ELSE r.sign * r.cost_nano_usd END",
};

const tableOf = (table: string) => `
  CREATE TABLE ${table} (
    team_id text NOT NULL,
    at timestamptz NOT NULL,
    model text NOT NULL,
    key text NOT NULL,
    member text NOT NULL,
    execution text NOT NULL,
    ${Object.keys(sums)
      .map((name) => `${name} bigint NOT NULL`)
      .join(', ')},
    PRIMARY KEY (${names.join(', ')})
  ) WITH (fillfactor = 70)`;

/** Rows are locked in the order of the key, so that replicas which write at the same time wait instead of deadlocking. */
function addTo(table: string, unit: string, source: string): string {
  const total = ([name, of]: [string, string]) => `sum(${of})::bigint AS ${name}`;
  const added = Object.keys(sums).map((name) => `${name} = rolled.${name} + excluded.${name}`);
  const isChange = Object.keys(sums).map((name) => `${name} <> 0`);
  return `
    INSERT INTO ${table} AS rolled (${names.join(', ')}, ${Object.keys(sums).join(', ')})
    SELECT * FROM (
      SELECT r.team_id, date_trunc('${unit}', r.started_at, 'UTC') AS at, r.model,
        CASE r.source WHEN 'playground' THEN 'playground' ELSE r.key_id END AS key,
        coalesce(r.owner_id, CASE WHEN r.lineage_id IS NULL THEN 'unrecorded' ELSE 'operator' END) AS member, r.execution,
        ${Object.entries(sums).map(total).join(', ')}
      FROM (${source}) AS r GROUP BY 1, 2, 3, 4, 5, 6
    ) AS change
    WHERE ${isChange.join(' OR ')}
    ORDER BY ${names.join(', ')}
    ON CONFLICT (${names.join(', ')}) DO UPDATE SET ${added.join(', ')}`;
}

/** The rows that a statement has written and taken away, by what it does. */
const changes = {
  inserted: 'SELECT *, 1 AS sign FROM new_rows',
  updated: 'SELECT *, 1 AS sign FROM new_rows UNION ALL SELECT *, -1 AS sign FROM old_rows',
  deleted: 'SELECT *, -1 AS sign FROM old_rows',
};

/** With a search path of its own: who writes rows may have another one. */
const functionOf = (name: string, source: string, schema: string) => `
  CREATE FUNCTION roll_${name}_rows() RETURNS trigger LANGUAGE plpgsql SET search_path = ${schema}, pg_temp AS $$
  BEGIN
    ${rollups.map(([table, unit]) => `${addTo(table, unit, source)};`).join('\n')}
    RETURN NULL;
  END
  $$`;

const triggers = [
  `CREATE TRIGGER roll_inserted AFTER INSERT ON usage_rows REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION roll_inserted_rows()`,
  `CREATE TRIGGER roll_updated AFTER UPDATE ON usage_rows REFERENCING NEW TABLE AS new_rows OLD TABLE AS old_rows
    FOR EACH STATEMENT EXECUTE FUNCTION roll_updated_rows()`,
  `CREATE TRIGGER roll_deleted AFTER DELETE ON usage_rows REFERENCING OLD TABLE AS old_rows
    FOR EACH STATEMENT EXECUTE FUNCTION roll_deleted_rows()`,
];
