import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Usage rows, range-partitioned by request id. A unique key of a partitioned table must contain the partition key, so
 * partitioning by time would give up "one row a request"; a UUIDv7 leads with its time, so the id serves both.
 */
export class CreateUsageRows1795300000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TABLE);
    await runner.query('CREATE TABLE usage_rows_default PARTITION OF usage_rows DEFAULT');
    await runner.query('CREATE INDEX usage_rows_team ON usage_rows (team_id, request_id)');
    await runner.query(LOWEST_ID);
    const schema = await quotedSchema(runner);
    await runner.query(makePartitions(schema));
    await runner.query('REVOKE ALL ON FUNCTION make_usage_partitions() FROM PUBLIC');
    // The service's login role has the name of its schema.
    await runner.query(`GRANT EXECUTE ON FUNCTION make_usage_partitions() TO ${schema}`);
    await runner.query('SELECT make_usage_partitions()');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP FUNCTION make_usage_partitions()');
    await runner.query('DROP FUNCTION lowest_request_id(timestamptz)');
    await runner.query('DROP TABLE usage_rows');
  }
}

async function quotedSchema(runner: QueryRunner): Promise<string> {
  const [row] = (await runner.query('SELECT quote_ident(current_schema()) AS name')) as [{ name: string }];
  return row.name;
}

const TABLE = `
  CREATE TABLE usage_rows (
    request_id uuid PRIMARY KEY,
    team_id text NOT NULL,
    key_id text NOT NULL,
    model text NOT NULL,
    provider text NOT NULL,
    execution text NOT NULL,
    outcome text NOT NULL,
    counted_by text NOT NULL,
    witness text NOT NULL,
    streamed boolean NOT NULL,
    prompt_tokens bigint NOT NULL CHECK (prompt_tokens >= 0),
    completion_tokens bigint NOT NULL CHECK (completion_tokens >= 0),
    cost_nano_usd bigint NOT NULL CHECK (cost_nano_usd >= 0),
    price_version text NOT NULL,
    started_at timestamptz NOT NULL,
    duration_ms bigint NOT NULL,
    rank smallint NOT NULL,
    recorded_at timestamptz NOT NULL
  ) PARTITION BY RANGE (request_id)`;

/** The smallest id of a moment: 48 bits of milliseconds, then zeros. */
const LOWEST_ID = `
  CREATE FUNCTION lowest_request_id(moment timestamptz) RETURNS uuid LANGUAGE sql STABLE AS $$
    SELECT (lpad(to_hex(floor(extract(epoch FROM moment) * 1000)::bigint), 12, '0') || repeat('0', 20))::uuid
  $$`;

/**
 * The one change of tables that the service role may cause, hence SECURITY DEFINER, no argument and a fixed search path.
 * Makes the months from 35 days back (how late a word may come) to three ahead, by the database's clock in UTC. Rows
 * that went to the default partition for want of a month move to it; otherwise that month could never be attached.
 */
const makePartitions = (schema: string) => `
  CREATE FUNCTION make_usage_partitions() RETURNS integer LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = ${schema}, pg_temp SET lock_timeout = '3s' AS $$
  DECLARE
    month timestamp := date_trunc('month', (now() - interval '35 days') AT TIME ZONE 'UTC');
    last_month constant timestamp := date_trunc('month', now() AT TIME ZONE 'UTC') + interval '3 months';
    partition text;
    first_id uuid;
    end_id uuid;
    made integer := 0;
  BEGIN
    PERFORM pg_advisory_xact_lock(7214302);
    WHILE month <= last_month LOOP
      partition := 'usage_rows_' || to_char(month, 'YYYY_MM');
      IF to_regclass(partition) IS NULL THEN
        first_id := lowest_request_id(month AT TIME ZONE 'UTC');
        end_id := lowest_request_id((month + interval '1 month') AT TIME ZONE 'UTC');
        EXECUTE format('CREATE TABLE %I (LIKE usage_rows INCLUDING CONSTRAINTS INCLUDING INDEXES)', partition);
        LOCK TABLE usage_rows_default IN ACCESS EXCLUSIVE MODE;
        EXECUTE format(
          'WITH moved AS (DELETE FROM usage_rows_default WHERE request_id >= $1 AND request_id < $2 RETURNING *)
           INSERT INTO %I SELECT * FROM moved', partition) USING first_id, end_id;
        EXECUTE format('ALTER TABLE usage_rows ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', partition, first_id, end_id);
        made := made + 1;
      END IF;
      month := month + interval '1 month';
    END LOOP;
    RETURN made;
  END
  $$`;
