/** Accounts of each team. A balance is what was credited less what was debited, so a team's balances sum to zero. */
export const ACCOUNTS = {
  /** What the team has paid in and not used: never below zero. */
  funds: 'balance_nano_usd >= 0',
  /** What its usage came to: never below zero. */
  revenue: 'balance_nano_usd >= 0',
  /** What it used beyond its funds and owes: never above zero. */
  receivable: 'balance_nano_usd <= 0',
  /** What it used while nobody was billed: never above zero. */
  waived: 'balance_nano_usd <= 0',
  /** The world that money comes from and goes to. */
  outside: 'true',
} as const;

const names = Object.keys(ACCOUNTS)
  .map((name) => `'${name}'`)
  .join(', ');

/** Projections of the transfers. */
const ACCOUNT_TABLE = `
  CREATE TABLE ledger_accounts (
    team_id text NOT NULL,
    account text NOT NULL CHECK (account IN (${names})),
    balance_nano_usd bigint NOT NULL,
    PRIMARY KEY (team_id, account),
    CONSTRAINT ledger_accounts_sign CHECK (CASE account ${Object.entries(ACCOUNTS)
      .map(([name, rule]) => `WHEN '${name}' THEN ${rule}`)
      .join(' ')} END)
  ) WITH (fillfactor = 70)`;

/**
 * One amount from one account to another: it sums to zero by its form. `charged_at` is the moment that it counts for: of
 * usage, when the database admitted the request. Two transfers may be of one matter, such as a payment that settles what
 * was owed and leaves a rest. The key serves statements by team and time, and is the only index.
 */
const TRANSFER_TABLE = `
  CREATE TABLE ledger_transfers (
    id bigint GENERATED ALWAYS AS IDENTITY,
    team_id text NOT NULL,
    charged_at timestamptz NOT NULL,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    kind text NOT NULL CHECK (kind IN ('usage', 'correction', 'credit', 'top_up', 'refund', 'chargeback', 'chargeback_won', 'recovery')),
    debit text NOT NULL CHECK (debit IN (${names})),
    credit text NOT NULL CHECK (credit IN (${names})),
    amount_nano_usd bigint NOT NULL CHECK (amount_nano_usd > 0),
    request_id uuid,
    reason text CHECK (char_length(reason) BETWEEN 1 AND 500),
    actor text CHECK (char_length(actor) BETWEEN 1 AND 128),
    idempotency_key text CHECK (char_length(idempotency_key) BETWEEN 1 AND 128),
    reference text CHECK (char_length(reference) <= 255),
    PRIMARY KEY (team_id, charged_at, id),
    CHECK (debit <> credit),
    CHECK ((request_id IS NOT NULL) = (kind IN ('usage', 'correction'))),
    CHECK (request_id IS NOT NULL OR (reason IS NOT NULL AND actor IS NOT NULL AND idempotency_key IS NOT NULL))
  )`;

/** A matter is booked once, whoever repeats it. */
const ONCE = `
  CREATE UNIQUE INDEX ledger_transfers_once ON ledger_transfers (team_id, idempotency_key, debit, credit)
  WHERE idempotency_key IS NOT NULL`;

/**
 * What limits spending, one row a limit and window, made when somebody limits by it (`open_scopes`): budgets of a team, of a
 * member, of a key's lineage. A team's balance is a scope, too: its cap is the balance of `funds`, nothing of it is spent, and
 * settling lowers the cap. Windows are UTC; `total` begins in 1970 and has no end. A null cap is no limit.
 *
 * What is drawn for holds is `held`. Whoever draws asks for `spent + held + block <= cap`. Facts are never refused: what goes
 * beyond a cap, or was spent when a cap was lowered, is `over`, and then nothing can be drawn.
 */
const SCOPE_TABLE = `
  CREATE TABLE budget_scopes (
    team_id text NOT NULL,
    kind text NOT NULL CHECK (kind IN ('balance', 'lineage', 'member', 'team')),
    subject text NOT NULL,
    period text NOT NULL CHECK (period IN ('day', 'month', 'total', 'week')),
    starts_at timestamptz NOT NULL,
    ends_at timestamptz,
    cap_nano_usd bigint CHECK (cap_nano_usd >= 0),
    spent_nano_usd bigint NOT NULL DEFAULT 0 CHECK (spent_nano_usd >= 0),
    held_nano_usd bigint NOT NULL DEFAULT 0 CHECK (held_nano_usd >= 0),
    over_nano_usd bigint NOT NULL DEFAULT 0 CHECK (over_nano_usd >= 0),
    is_soft boolean NOT NULL DEFAULT false,
    PRIMARY KEY (team_id, kind, subject, period, starts_at),
    CONSTRAINT budget_scopes_within CHECK (spent_nano_usd + held_nano_usd <= cap_nano_usd + over_nano_usd),
    CONSTRAINT budget_scopes_balance CHECK (kind <> 'balance'
      OR (cap_nano_usd IS NOT NULL AND spent_nano_usd = 0 AND over_nano_usd = 0 AND subject = '' AND period = 'total')),
    CHECK ((ends_at IS NULL) = (period = 'total')),
    CHECK ((subject = '') = (kind IN ('balance', 'team')))
  ) WITH (fillfactor = 70)`;

/**
 * What was spent by the day (UTC), lineage and member: a scope that is opened begins with what its window has spent already.
 * Empty names are of requests that no such budget counts: the playground's have no lineage, the operator's keys no member.
 */
const SPEND_TABLE = `
  CREATE TABLE spend_days (
    team_id text NOT NULL,
    day timestamptz NOT NULL,
    lineage text NOT NULL,
    member text NOT NULL,
    spent_nano_usd bigint NOT NULL,
    PRIMARY KEY (team_id, lineage, day, member)
  ) WITH (fillfactor = 70)`;

const SPEND_INDEX = 'CREATE INDEX spend_days_team ON spend_days (team_id, day)';

/** In the order in which they are made. */
export const TABLES = [ACCOUNT_TABLE, TRANSFER_TABLE, ONCE, SCOPE_TABLE, SPEND_TABLE, SPEND_INDEX];
export const TABLE_NAMES = ['ledger_accounts', 'ledger_transfers', 'budget_scopes', 'spend_days'];

/** The class of advisory locks: usage that is booked shares it, whoever opens a scope has it alone. */
export const SCOPES_LOCK = 7_214_304;
