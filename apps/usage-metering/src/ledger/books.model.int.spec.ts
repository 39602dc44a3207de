import { afterAll, beforeAll, test } from '@jest/globals';
import type { KeyId, ServiceError, TeamId } from '@orgn/contracts';
import fc from 'fast-check';
import type { Client } from 'pg';
import { foldWords } from '../usage/fold-words.ts';
import { makeRequestId, makeWord } from '../usage/make.ts';
import type { UsageWord } from '../usage/usage-word.ts';
import type { UsageRepository } from '../usage/usage.repository.ts';
import type { LedgerRepository } from './ledger.repository.ts';
import { BooksModel, type Said } from './testing/books-model.ts';
import { openBooks, type OpenBooks } from './testing/open-books.ts';

/** Runs of about ten commands each: a long test takes more than 10,000 steps. */
const RUNS = process.env.TEST_LONG === '1' ? 1_200 : 25;

let books: OpenBooks;
let admin: Client;
let rows: UsageRepository;
let ledger: LedgerRepository;
let [teams, steps] = [0, 0];

beforeAll(async () => {
  books = await openBooks();
  ({ admin, rows, ledger } = books);
});
afterAll(async () => {
  process.stdout.write(`\nmodel of the books: ${steps} steps\n`);
  await books.close();
});

interface Real {
  teamId: TeamId;
  ids: string[];
}
type Command = fc.AsyncCommand<BooksModel, Real>;
const keyId = `key_${'7'.repeat(32)}` as KeyId;
const startedAt = '2026-05-05T05:05:05.000Z';

/** After every step: what is kept is what the model says, balances sum to zero, and nothing is below its bounds. */
async function agree(model: BooksModel, { teamId }: Real): Promise<void> {
  steps += 1;
  const { fundsNanoUsd, owedNanoUsd, usedNanoUsd, heldNanoUsd } = await ledger.balance(teamId);
  const found = [fundsNanoUsd, owedNanoUsd, usedNanoUsd, heldNanoUsd].map(Number);
  const said = [model.funds, model.owed, model.used, model.held];
  if (String(found) !== String(said)) throw new Error(`kept ${String(found)}, the model says ${String(said)}`);
  const { rows: faults } = await admin.query(FAULTS, [teamId]);
  if (faults.length > 0) throw new Error(`does not hold: ${JSON.stringify(faults)}`);
  const { rows: scopes } = await admin.query<{ cap: string; spent: string }>(
    "SELECT cap_nano_usd AS cap, spent_nano_usd AS spent FROM budget_scopes WHERE team_id = $1 AND kind = 'lineage'",
    [teamId],
  );
  const scope = scopes[0] && [scopes[0].cap, scopes[0].spent].map(Number);
  const expected = model.cap === null ? undefined : [model.cap, model.used];
  if (String(scope) !== String(expected)) throw new Error(`scope ${String(scope)}, the model says ${String(expected)}`);
}

const FAULTS = `
  SELECT 'entries do not sum to the balance' AS what FROM ledger_accounts a WHERE team_id = $1 AND balance_nano_usd <> coalesce((
    SELECT sum(CASE a.account WHEN t.credit THEN t.amount_nano_usd WHEN t.debit THEN -t.amount_nano_usd ELSE 0 END)
    FROM ledger_transfers t WHERE t.team_id = $1), 0)
  UNION ALL SELECT 'balances do not sum to zero' FROM ledger_accounts WHERE team_id = $1 HAVING sum(balance_nano_usd) <> 0
  UNION ALL SELECT 'held or spent out of bounds' FROM budget_scopes WHERE team_id = $1 AND (spent_nano_usd < 0 OR held_nano_usd < 0
    OR spent_nano_usd + held_nano_usd > cap_nano_usd + over_nano_usd)
  UNION ALL SELECT 'funds are not the cap' FROM budget_scopes s JOIN ledger_accounts a USING (team_id)
    WHERE team_id = $1 AND s.kind = 'balance' AND a.account = 'funds' AND a.balance_nano_usd <> s.cap_nano_usd`;

const command = (text: string, run: (model: BooksModel, real: Real) => Promise<void>): Command => ({
  check: () => true,
  run: async (model, real) => {
    await run(model, real);
    await agree(model, real);
  },
  toString: () => text,
});

const toWord = ({ request, witness, outcome, cost }: Said, { teamId, ids }: Real): UsageWord =>
  makeWord({ teamId, requestId: ids[request]!, keyId, startedAt, outcome, costNanoUsd: cost }, witness);

const amount = fc.integer({ min: 1, max: 1_000 });
const said: fc.Arbitrary<Said> = fc.record({
  request: fc.nat(5),
  witness: fc.constantFrom('router', 'gateway'),
  outcome: fc.constantFrom('completed', 'completed', 'cancelled', 'withheld'),
  cost: fc.nat(400),
});
const settle = fc.array(said, { minLength: 1, maxLength: 4 }).map((words) =>
  command(`settle ${JSON.stringify(words)}`, async (model, real) => {
    await rows.keep(foldWords(words.map((word) => toWord(word, real))));
    model.settle(words);
  }),
);
/** Whatever it is repeated with, one key books once. */
const book = fc
  .record({
    kind: fc.constantFrom('credit', 'top_up', 'chargeback', 'chargeback_won', 'refund'),
    amount,
    key: fc.nat(7),
  })
  .map(({ kind, amount: nano, key }) =>
    command(`${kind} ${nano} as ${key}`, async (model, { teamId }) => {
      const booking = { teamId, kind, amountNanoUsd: BigInt(nano), reason: 'r', actor: 'a', idempotencyKey: `k${key}` };
      const outcome = await ledger.book(booking).catch((error: unknown) => (error as ServiceError).code);
      const expected = model.book(kind, nano, key);
      if (outcome !== expected) throw new Error(`booked ${String(outcome)}, the model says ${String(expected)}`);
    }),
  );
const hold = amount.map((nano) =>
  command(`hold ${nano}`, async (model, { teamId }) => {
    const { rowCount } = await admin.query(
      `UPDATE budget_scopes SET held_nano_usd = held_nano_usd + $2 WHERE team_id = $1 AND kind = 'balance'
         AND spent_nano_usd + held_nano_usd + $2 <= cap_nano_usd`,
      [teamId, nano],
    );
    if ((rowCount === 1) !== model.hold(nano)) throw new Error(`held ${String(rowCount)} times`);
  }),
);
const release = fc.constant(
  command('release', async (model, { teamId }) => {
    await admin.query("UPDATE budget_scopes SET held_nano_usd = 0 WHERE team_id = $1 AND kind = 'balance'", [teamId]);
    model.held = 0;
  }),
);
const recover = fc.constant(
  command('recover', async (model, { teamId }) => {
    const found = Number(await ledger.recover(teamId));
    const expected = model.recover();
    if (found !== expected) throw new Error(`recovered ${found}, the model says ${expected}`);
  }),
);
const edit = fc.nat(3_000).map((cap) =>
  command(`budget ${cap}`, async (model, { teamId }) => {
    const one = [[teamId], ['lineage'], [keyId], ['month'], ['2026-05-01T00:00:00Z'], [cap]];
    await books.database.query('SELECT open_scopes($1, $2, $3, $4, $5, $6)', one);
    model.cap = cap;
  }),
);

test('the books are what a model of them says, after every step, and the CHECKs never refuse a fact', async () => {
  const commands = fc.commands([settle, settle, book, hold, release, recover, edit], { maxCommands: 24, size: 'max' });
  await fc.assert(
    fc.asyncProperty(commands, async (some) => {
      await fc.asyncModelRun(() => {
        const real = {
          teamId: `team_model-${(teams += 1)}` as TeamId,
          ids: Array.from({ length: 6 }, () => makeRequestId()).sort(),
        };
        return { model: new BooksModel(), real };
      }, some);
    }),
    { numRuns: RUNS },
  );
}, 1_800_000);
