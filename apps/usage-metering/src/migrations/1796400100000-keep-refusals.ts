import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Requests that were refused after their key was known, and how many a minute: beyond a number they are counted only. */
export class KeepRefusals1796400100000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE refusals (
        request_id uuid PRIMARY KEY,
        team_id text NOT NULL,
        key_id text NOT NULL,
        owner_id text,
        code text NOT NULL CHECK (code ~ '^[a-z_]{1,64}$'),
        param text CHECK (char_length(param) <= 128),
        model text CHECK (char_length(model) <= 128),
        path text NOT NULL CHECK (char_length(path) <= 128),
        duration_ms bigint NOT NULL CHECK (duration_ms >= 0),
        at timestamptz NOT NULL DEFAULT clock_timestamp()
      )`);
    await runner.query('CREATE INDEX refusals_team ON refusals (team_id, request_id)');
    await runner.query('CREATE INDEX refusals_age ON refusals (at)');
    await runner.query(`
      CREATE TABLE refusal_minutes (
        key_id text NOT NULL,
        minute timestamptz NOT NULL,
        team_id text NOT NULL,
        owner_id text,
        seen bigint NOT NULL,
        told bigint NOT NULL,
        PRIMARY KEY (key_id, minute)
      ) WITH (fillfactor = 70)`);
    await runner.query('CREATE INDEX refusal_minutes_team ON refusal_minutes (team_id, minute)');
    await runner.query('CREATE INDEX refusal_minutes_age ON refusal_minutes (minute)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE refusal_minutes');
    await runner.query('DROP TABLE refusals');
  }
}
