import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { migrate } from '@orgn/database';
import { startPostgres, type TestPostgres } from '@orgn/testing';
import { Client } from 'pg';
import { DataSource } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { ChainAuditEntries1796000000000 } from './1796000000000-chain-audit-entries.ts';
import { migrations } from './index.ts';

const before = migrations.slice(0, migrations.indexOf(ChainAuditEntries1796000000000));

let postgres: TestPostgres;
let owner: Client;

beforeAll(async () => {
  postgres = await startPostgres({ schemas: [{ name: 'auth', migrations: before }] });
  owner = new Client({ connectionString: postgres.adminUrl });
  await owner.connect();
  await owner.query('SET search_path TO auth');
});

afterAll(async () => {
  await owner.end();
  await postgres.stop();
});

const DAY_MS = 24 * 3_600_000;

async function write(team: string | null, at: Date, after: object | null): Promise<string> {
  const id = uuidv7({ msecs: at.getTime() });
  await owner.query(
    `INSERT INTO audit_entries (id, at, team_id, actor_kind, action, object_kind, object_id, before, after, client)
     VALUES ($1, $2, $3, 'operator', 'invitation.created', 'invitation', 'x', NULL, $4, '{"address":"10.0.0.1"}')`,
    [id, at, team, after],
  );
  return id;
}

const upgrade = () => {
  const password = new URL(postgres.urlOf('auth')).password;
  return migrate(postgres.adminUrl, [{ name: 'auth', password, migrations }]);
};

test('an upgrade chains what was written before, in its order, and loses nothing of it; undoing gives it back', async () => {
  const written: string[] = [];
  for (let index = 0; index < 60; index += 1) {
    const at = new Date(Date.now() - (60 - index) * 5 * DAY_MS);
    written.push(
      await write(index % 3 === 0 ? null : `team_${index % 3}00`, at, {
        email: `person-${index}@orgn.test`,
        role: 'admin',
      }),
    );
  }
  // Somebody who could insert as they liked has made up a time.
  const forged = '01000000-0000-4000-8000-000000000000';
  await owner.query(
    `INSERT INTO audit_entries (id, at, team_id, actor_kind, action, object_kind, object_id)
     VALUES ($1, '2001-01-01', 'team_100', 'operator', 'a.b', 'team', 'x'), ('ffffffff-0000-4000-8000-000000000000', '2999-01-01', 'team_100', 'operator', 'a.b', 'team', 'x')`,
    [forged],
  );
  const { rows: old } = await owner.query('SELECT * FROM audit_entries ORDER BY id');
  await upgrade();
  const { rows } = await owner.query<{ id: string; isChained: boolean; isNumbered: boolean; names: object | null }>(
    `SELECT e.id, e.seq::int, audit_hash(coalesce(lag(hash) OVER chain, decode(repeat('00', 32), 'hex')), e) = hash AS "isChained",
       seq = row_number() OVER chain AS "isNumbered", names
     FROM audit_entries e WINDOW chain AS (PARTITION BY team_id ORDER BY id) ORDER BY id`,
  );
  expect(rows.map(({ id }) => id)).toEqual(old.map(({ id }) => id as string));
  expect(rows.every(({ isChained, isNumbered }) => isChained && isNumbered)).toBe(true);
  expect(rows.find(({ id }) => id === written[7])?.names).toEqual({ after: { email: 'person-7@orgn.test' } });
  const { rows: heads } = await owner.query(
    `SELECT h.chain, h.seq = max(e.seq) AS "isLast", (array_agg(e.hash ORDER BY e.seq DESC))[1] = h.hash AS "isEnd"
     FROM audit_heads h JOIN audit_entries e ON coalesce(e.team_id, 'people') = h.chain GROUP BY h.chain, h.seq, h.hash ORDER BY 1`,
  );
  expect(heads).toEqual(['people', 'team_100', 'team_200'].map((chain) => ({ chain, isLast: true, isEnd: true })));
  // What is written from now on has a true time, whatever was made up before.
  await owner.query(
    `SELECT record_audit_entry('team_100', 'system', NULL, NULL, 'a.b', 'team', 'x', NULL, NULL, NULL)`,
  );
  const { rows: next } = await owner.query(
    "SELECT id FROM audit_entries WHERE at BETWEEN now() - interval '1 minute' AND now() + interval '1 minute'",
  );
  expect(next).toHaveLength(1);

  const source = await new DataSource({
    type: 'postgres',
    url: postgres.adminUrl,
    schema: 'auth',
    migrations,
    extra: { options: '-c search_path=auth' },
  }).initialize();
  for (let left = migrations.length - before.length; left > 0; left -= 1) await source.undoLastMigration();
  await source.destroy();
  const { rows: back } = await owner.query('SELECT * FROM audit_entries WHERE action <> $1 OR id = $2 ORDER BY id', [
    'a.b',
    forged,
  ]);
  expect(back).toEqual(old.filter(({ id, action }) => action !== 'a.b' || id === forged));
}, 60_000);
