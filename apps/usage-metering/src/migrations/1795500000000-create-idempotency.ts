import { IDEMPOTENCY_HOURS, IDEMPOTENCY_LOST_MINUTES } from '@orgn/contracts';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who began which request under which idempotency key, and the secrets of the day that both are hidden under. */
export class CreateIdempotency1795500000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(SECRETS);
    await runner.query(KEYS);
    await runner.query('CREATE UNIQUE INDEX idempotency_keys_request ON idempotency_keys (request_id)');
    await runner.query('CREATE INDEX idempotency_keys_started ON idempotency_keys (started_at)');
    await runner.query(BEGIN);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP FUNCTION begin_idempotent(text, uuid, integer, bytea[], bytea[])');
    await runner.query('DROP TABLE idempotency_keys');
    await runner.query('DROP TABLE idempotency_secrets');
  }
}

const SECRETS = `
  CREATE TABLE idempotency_secrets (
    day date PRIMARY KEY,
    secret bytea NOT NULL CHECK (length(secret) = 32),
    expires_at timestamptz NOT NULL
  )`;

const KEYS = `
  CREATE TABLE idempotency_keys (
    team_id text NOT NULL,
    key_hmac bytea NOT NULL,
    body_hmac bytea NOT NULL,
    request_id uuid NOT NULL,
    outcome text,
    started_at timestamptz NOT NULL,
    PRIMARY KEY (team_id, key_hmac)
  )`;

/**
 * Keys are hidden under the secret of the day they were begun on, so no unique index spans midnight, nor replicas whose
 * clocks differ. Begins of one key therefore take turns (turn: 32 bits of its digest, too few to confirm a guess), and
 * each looks under every secret that may have hidden it. The first of the HMACs is the one to write. A function, because
 * the look must come with a snapshot that was taken after the turn.
 */
const BEGIN = `
  CREATE FUNCTION begin_idempotent(team text, request uuid, turn integer, key_hmacs bytea[], body_hmacs bytea[])
  RETURNS TABLE (state text, first_id uuid, first_outcome text, first_cost bigint) LANGUAGE plpgsql AS $$
  DECLARE
    known record;
  BEGIN
    PERFORM pg_advisory_xact_lock(7214303, turn);
    SELECT k.request_id, coalesce(u.outcome, k.outcome) AS outcome, k.body_hmac = h.body_hmac AS is_same,
      CASE u.outcome WHEN 'withheld' THEN 0 ELSE u.cost_nano_usd END AS cost
    INTO known
    FROM unnest(key_hmacs, body_hmacs) AS h (key_hmac, body_hmac)
    JOIN idempotency_keys k ON k.team_id = team AND k.key_hmac = h.key_hmac
    LEFT JOIN usage_rows u ON u.request_id = k.request_id
    WHERE k.started_at > clock_timestamp() - interval '${IDEMPOTENCY_HOURS} hours'
      AND (k.outcome IS NOT NULL OR u.outcome IS NOT NULL
        OR k.started_at > clock_timestamp() - interval '${IDEMPOTENCY_LOST_MINUTES} minutes');
    IF NOT FOUND THEN
      DELETE FROM idempotency_keys k WHERE k.team_id = team AND k.key_hmac = ANY (key_hmacs);
      INSERT INTO idempotency_keys (team_id, key_hmac, body_hmac, request_id, started_at)
        VALUES (team, key_hmacs[1], body_hmacs[1], request, clock_timestamp());
      RETURN QUERY SELECT 'started', request, NULL::text, NULL::bigint;
      RETURN;
    END IF;
    RETURN QUERY SELECT
      CASE
        WHEN NOT known.is_same THEN 'mismatch'
        WHEN known.outcome IS NOT NULL THEN 'completed'
        WHEN known.request_id = request THEN 'started'
        ELSE 'in_progress'
      END,
      known.request_id, CASE known.outcome WHEN 'withheld' THEN 'failed' ELSE known.outcome END, known.cost;
  END
  $$`;
