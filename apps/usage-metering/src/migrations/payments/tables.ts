/**
 * Payments that people opened: whose they are is said here, whatever the payment service calls them. `opening`: its page is not
 * known yet.
 */
const PAYMENTS = `
  CREATE TABLE payments (
    id uuid PRIMARY KEY,
    team_id text NOT NULL,
    user_id text NOT NULL,
    amount_nano_usd bigint NOT NULL CHECK (amount_nano_usd > 0),
    state text NOT NULL CHECK (state IN ('opening', 'open', 'pending', 'paid', 'failed', 'expired')),
    session_id text UNIQUE CHECK (char_length(session_id) BETWEEN 1 AND 255),
    payment_intent text UNIQUE CHECK (char_length(payment_intent) BETWEEN 1 AND 255),
    url text CHECK (char_length(url) <= 4096),
    opened_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    expires_at timestamptz NOT NULL
  )`;

const PAYMENTS_INDEX = 'CREATE INDEX payments_team ON payments (team_id, opened_at DESC)';

/** Webhooks that were heard: each is acted on once. Kept for longer than they are repeated. */
const EVENTS = `
  CREATE TABLE payment_events (
    id text PRIMARY KEY CHECK (char_length(id) BETWEEN 1 AND 255),
    kind text NOT NULL CHECK (char_length(kind) <= 128),
    outcome text NOT NULL,
    heard_at timestamptz NOT NULL DEFAULT clock_timestamp()
  )`;

const EVENTS_INDEX = 'CREATE INDEX payment_events_age ON payment_events (heard_at)';

/** Payments that were taken back by the payer’s bank. \`due\`: the team owes, and is to be suspended. */
const DISPUTES = `
  CREATE TABLE payment_disputes (
    id text PRIMARY KEY CHECK (char_length(id) BETWEEN 1 AND 255),
    team_id text NOT NULL,
    suspension text NOT NULL CHECK (suspension IN ('none', 'due', 'done')),
    at timestamptz NOT NULL DEFAULT clock_timestamp()
  )`;

const DISPUTES_INDEX = "CREATE INDEX payment_disputes_due ON payment_disputes (at) WHERE suspension = 'due'";

/** What people read of money is found without going through usage. */
const MONEY_INDEX =
  'CREATE INDEX ledger_transfers_money ON ledger_transfers (team_id, id DESC) WHERE request_id IS NULL';

/** In the order in which they are made. */
export const TABLES = [PAYMENTS, PAYMENTS_INDEX, EVENTS, EVENTS_INDEX, DISPUTES, DISPUTES_INDEX, MONEY_INDEX];
export const TABLE_NAMES = ['payments', 'payment_events', 'payment_disputes'];
