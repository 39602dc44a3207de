import { definer } from './functions.ts';

/** Of the amount, what goes over the first account and what over the second; the other side is the world. */
const MOVE_MONEY = `
    WITH part (account, amount) AS (
      SELECT CASE WHEN comes THEN 'receivable' ELSE 'funds' END, first WHERE first > 0
      UNION ALL SELECT CASE WHEN comes THEN 'funds' ELSE 'receivable' END, amount - first WHERE amount > first
    ), written AS (
      INSERT INTO ledger_transfers (team_id, charged_at, kind, debit, credit, amount_nano_usd, reason, actor, idempotency_key, reference)
      SELECT team, clock_timestamp(), what, CASE WHEN comes THEN 'outside' ELSE p.account END,
        CASE WHEN comes THEN p.account ELSE 'outside' END, p.amount, entry_reason, entry_actor, once, entry_reference FROM part p
    ), moved (account, amount) AS (
      SELECT p.account, CASE WHEN comes THEN p.amount ELSE -p.amount END FROM part p
      UNION ALL SELECT 'outside', CASE WHEN comes THEN -amount ELSE amount END
    ), funded AS (
      UPDATE budget_scopes s SET cap_nano_usd = s.cap_nano_usd + m.amount FROM moved m
      WHERE m.account = 'funds' AND s.team_id = team AND s.kind = 'balance'
    )
    UPDATE ledger_accounts a SET balance_nano_usd = a.balance_nano_usd + m.amount FROM moved m
      WHERE a.team_id = team AND a.account = m.account;`;

/**
 * Books money that comes or goes, once for each idempotency key: `credit` and `top_up` settle what is owed and leave the rest in
 * the team's funds; `refund` takes from funds that nobody holds, or is refused; `chargeback` takes what it can get, the rest is
 * owed: facts are never refused. A key that booked something else before is refused.
 */
export const bookMoney = (schema: string) => `
  CREATE FUNCTION book_money(team text, what text, amount bigint, entry_reason text, entry_actor text, once text, entry_reference text)
  RETURNS boolean LANGUAGE plpgsql ${definer(schema)} AS $$
  DECLARE
    known record;
    free bigint;
    owed bigint;
    first bigint;
    comes constant boolean := what IN ('credit', 'top_up', 'chargeback_won');
  BEGIN
    IF what NOT IN ('credit', 'top_up', 'chargeback_won', 'refund', 'chargeback') OR amount IS NULL OR amount <= 0 THEN
      RAISE EXCEPTION 'not a booking of money' USING ERRCODE = '22023';
    END IF;
    PERFORM lock_books(ARRAY[team]);
    SELECT min(kind) AS kind, sum(amount_nano_usd) AS amount, count(*) AS parts INTO known
      FROM ledger_transfers WHERE team_id = team AND idempotency_key = once;
    IF known.parts > 0 THEN
      IF known.kind <> what OR known.amount <> amount THEN RAISE EXCEPTION 'booked otherwise' USING ERRCODE = 'OL001'; END IF;
      RETURN false;
    END IF;
    SELECT s.cap_nano_usd - s.held_nano_usd, -a.balance_nano_usd INTO free, owed FROM budget_scopes s
      JOIN ledger_accounts a ON a.team_id = s.team_id AND a.account = 'receivable' WHERE s.team_id = team AND s.kind = 'balance';
    IF what = 'refund' AND free < amount THEN RAISE EXCEPTION 'not enough' USING ERRCODE = 'OL002'; END IF;
    first := least(amount, greatest(0, CASE WHEN comes THEN owed ELSE free END));
    ${MOVE_MONEY}
    RETURN true;
  END
  $$`;

/**
 * Settles what a team owes out of funds that nobody holds any more: an answer that cost more than was held for it left both. @returns
 * the amount
 */
const recoverOwed = (schema: string) => `
  CREATE FUNCTION recover_owed(team text) RETURNS bigint LANGUAGE plpgsql ${definer(schema)} AS $$
  DECLARE
    found bigint;
  BEGIN
    PERFORM lock_books(ARRAY[team]);
    SELECT greatest(0, least(s.cap_nano_usd - s.held_nano_usd, -a.balance_nano_usd)) INTO found FROM budget_scopes s
      JOIN ledger_accounts a ON a.team_id = s.team_id AND a.account = 'receivable' WHERE s.team_id = team AND s.kind = 'balance';
    IF found = 0 THEN RETURN 0; END IF;
    INSERT INTO ledger_transfers (team_id, charged_at, kind, debit, credit, amount_nano_usd, reason, actor, idempotency_key)
      VALUES (team, clock_timestamp(), 'recovery', 'funds', 'receivable', found, 'owed before, paid out of funds', 'system', gen_random_uuid());
    UPDATE ledger_accounts SET balance_nano_usd = balance_nano_usd + CASE account WHEN 'funds' THEN -found ELSE found END
      WHERE team_id = team AND account IN ('funds', 'receivable');
    UPDATE budget_scopes SET cap_nano_usd = cap_nano_usd - found WHERE team_id = team AND kind = 'balance';
    RETURN found;
  END
  $$`;

/** By name and argument types, each for a schema. */
export const MONEY_FUNCTIONS: Record<string, (schema: string) => string> = {
  'book_money(text, text, bigint, text, text, text, text)': bookMoney,
  'recover_owed(text)': recoverOwed,
};
