import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { listAuditHeads, type ReplyOf, type TeamId } from '@orgn/contracts';
import { Client } from 'pg';
import { Registry } from 'prom-client';
import { AuthHost } from '../testing/auth-host.ts';
import { AuditHeads } from './audit-heads.ts';

const repository = join(import.meta.dirname, '../../../..');
const ENTRIES = 10;

interface Said {
  isWhole: boolean;
  entries: number;
  chains: { chain: string; entries: number; begins: object | null; fault: { seq: number; what: string } | null }[];
  error?: { code: string; message: string };
  heads: { chain: string; seq: number; hash: string }[];
}

let host: AuthHost;
/** As whoever owns the database. */
let owner: Client;
let dir: string;
let team: TeamId;
let teams = 0;

beforeAll(async () => {
  execFileSync(process.execPath, [
    join(repository, 'node_modules/typescript/bin/tsc'),
    '-b',
    join(repository, 'tools/operator'),
  ]);
  host = await AuthHost.start();
  owner = new Client({ connectionString: host.backbone.postgres.adminUrl });
  await owner.connect();
  await owner.query('SET search_path TO auth');
  dir = mkdtempSync(join(tmpdir(), 'orgn-audit-'));
  const description = { natsUrl: host.backbone.nats.opsUrl, processes: [{ name: 'nats' }] };
  writeFileSync(join(dir, 'stack.json'), JSON.stringify(description));
});

afterAll(async () => {
  rmSync(dir, { recursive: true });
  await owner.end();
  await host.stop();
});

beforeEach(async () => {
  teams += 1;
  team = `team_tampered_${teams}` as TeamId;
  await write(ENTRIES);
});

async function write(entries: number, of: string | null = team): Promise<void> {
  await host.database.query(
    `SELECT record_audit_entry($1, 'user', 'user_' || repeat('a', 32), NULL, 'invitation.created', 'invitation', 'invitation_' || n,
       '{"role":"viewer"}', '{"role":"admin","email":"somebody@orgn.test"}', '{"address":"10.0.0.1","userAgent":"browser"}')
     FROM generate_series(1, $2) AS n`,
    [of, entries],
  );
}

function audit(...args: string[]): Promise<{ code: number; said: Said }> {
  return new Promise((resolve) => {
    const entry = join(repository, 'tools/operator/dist/main.js');
    const all = [entry, 'audit', ...args, '--dir', dir, '--json'];
    const child = execFile(process.execPath, all, { env: { PATH: process.env.PATH } }, (_, out) =>
      resolve({ code: child.exitCode ?? -1, said: JSON.parse(out) as Said }),
    );
  });
}

const verify = (...more: string[]) => audit('verify', '--team', team, ...more);
const entry = (seq: number) => `team_id = '${team}' AND seq = ${seq}`;
/** Writes the hash of an entry, and all that follow, as whoever owns the database could. */
const rehash = (from: number) =>
  owner.query(`DO $$ DECLARE e audit_entries; previous bytea; BEGIN
    SELECT hash INTO previous FROM audit_entries WHERE ${entry(from - 1)};
    FOR e IN SELECT * FROM audit_entries WHERE team_id = '${team}' AND seq >= ${from} ORDER BY seq LOOP
      previous := audit_hash(previous, e);
      UPDATE audit_entries SET hash = previous WHERE id = e.id;
    END LOOP;
    UPDATE audit_heads SET hash = previous WHERE chain = '${team}';
  END $$`);

describe('a chain that nobody touched', () => {
  test('is whole, from its first entry to its head, whatever team it is of', async () => {
    await write(3, null);
    const one = await verify();
    expect([one.code, one.said.isWhole, one.said.entries, one.said.chains[0]]).toEqual([
      0,
      true,
      ENTRIES,
      expect.objectContaining({ chain: team, begins: null, fault: null }),
    ]);
    const all = await audit('verify');
    expect([all.code, all.said.isWhole]).toEqual([0, true]);
    expect(all.said.chains.map(({ chain }) => chain)).toEqual(expect.arrayContaining([team, 'people']));
  });

  test('is one of many, each of which is listed once, a page at a time', async () => {
    for (const name of ['team_b-1', 'team_b_2', 'team_aaa', 'team_ccc']) await write(1, name);
    await write(1, null);
    await owner.query("DELETE FROM audit_heads WHERE chain = 'team_b-1'");
    const chains: string[] = [];
    let cursor: ReplyOf<typeof listAuditHeads>['next'] = null;
    do {
      const page: ReplyOf<typeof listAuditHeads> = await host.backbone.bus.ask(listAuditHeads, { cursor, limit: 2 });
      chains.push(...page.heads.map(({ chain }) => chain));
      cursor = page.next;
    } while (cursor !== null);
    const { rows } = await owner.query<{ chain: string }>(
      "SELECT DISTINCT coalesce(team_id, 'people') AS chain FROM audit_entries ORDER BY 1",
    );
    expect(chains).toEqual(rows.map(({ chain }) => chain));
    expect(chains).toEqual(expect.arrayContaining(['people', 'team_b-1', 'team_b_2']));
    const { code, said } = await audit('verify', '--team', 'team_b-1');
    expect([code, said.chains[0]?.fault?.what]).toEqual([1, 'inserted']);
    await owner.query("DELETE FROM audit_entries WHERE team_id = 'team_b-1'");
  });

  test('is whole while many write to it at once, each number given once', async () => {
    const writers = Array.from(
      { length: 4 },
      () => new Client({ connectionString: host.backbone.postgres.urlOf('auth') }),
    );
    await Promise.all(writers.map((writer) => writer.connect()));
    const record = `SELECT record_audit_entry('${team}', 'system', NULL, NULL, 'team.updated', 'team', 'x', NULL, NULL, NULL)`;
    await Promise.all(
      writers.map(async (writer) => {
        for (let round = 0; round < 50; round += 1) await writer.query(record);
      }),
    );
    await Promise.all(writers.map((writer) => writer.end()));
    expect((await verify()).said).toMatchObject({ isWhole: true, entries: ENTRIES + 200 });
    const { rows } = await owner.query('SELECT id, seq FROM audit_entries WHERE team_id = $1 ORDER BY id', [team]);
    expect(rows.map(({ seq }) => Number(seq))).toEqual(Array.from({ length: ENTRIES + 200 }, (_, index) => index + 1));
  });

  test('stays whole when addresses, clients and names are blanked', async () => {
    await owner.query(`UPDATE audit_entries SET client = NULL WHERE ${entry(3)}`);
    await owner.query(`UPDATE audit_entries SET names = NULL, salt = NULL, client = NULL WHERE ${entry(4)}`);
    expect((await verify()).said).toMatchObject({ isWhole: true, entries: ENTRIES });
    await owner.query('SELECT blank_audit_entries(-1)');
    const { rows } = await owner.query('SELECT * FROM audit_entries WHERE team_id = $1', [team]);
    expect(JSON.stringify(rows)).not.toMatch(/10\.0\.0\.1|somebody@/);
    expect((await verify()).said).toMatchObject({ isWhole: true, entries: ENTRIES });
  });
});

describe('the command ends with 1 and says where, when', () => {
  test.each([
    ['an action was changed', "UPDATE audit_entries SET action = 'key.created'", 'changed'],
    ['a person was changed', "UPDATE audit_entries SET actor_id = 'user_' || repeat('b', 32)", 'changed'],
    ['a time was changed', "UPDATE audit_entries SET at = at + interval '1 microsecond'", 'changed'],
    ['what it was before was changed', `UPDATE audit_entries SET before = '{"role":"owner"}'`, 'changed'],
    ['what it was before was left out', 'UPDATE audit_entries SET before = NULL', 'changed'],
    ['an address was changed', `UPDATE audit_entries SET client = '{"address":"10.0.0.2"}'`, 'personal_changed'],
    ['a name was changed', `UPDATE audit_entries SET names = '{"after":{"email":"x"}}'`, 'personal_changed'],
    ['a digest was changed', "UPDATE audit_entries SET client_digest = sha256('x'), client = NULL", 'changed'],
    ['an entry was deleted', 'DELETE FROM audit_entries', 'missing'],
  ])('%s', async (_, statement, what) => {
    await owner.query(`${statement} WHERE ${entry(5)}`);
    const { code, said } = await verify();
    expect([code, said.isWhole, said.error?.code]).toEqual([1, false, 'audit_broken']);
    expect(said.error?.message).toContain(`in ${team}, at entry 5,`);
    expect(said.chains[0]?.fault).toMatchObject({ seq: 5, what });
  });

  test('an entry was put in, at the end, before the beginning or with a number that there is', async () => {
    const copy = async (seq: number) => {
      await owner.query(
        `INSERT INTO audit_entries SELECT (e.x).* FROM (SELECT jsonb_populate_record(a, jsonb_build_object('id', audit_id(0), 'seq', ${seq})) AS x
           FROM audit_entries a WHERE ${entry(5)}) e`,
      );
      const { code, said } = await verify();
      await owner.query(`DELETE FROM audit_entries WHERE team_id = $1 AND id < audit_lowest_id('2000-01-01')`, [team]);
      return [code, said.chains[0]?.fault?.what];
    };
    expect([await copy(ENTRIES + 1), await copy(0), await copy(7)]).toEqual([
      [1, 'changed'],
      [1, 'inserted'],
      [1, expect.stringMatching(/inserted|changed/)],
    ]);
    expect((await verify()).code).toBe(0);
  });

  test('two entries changed places', async () => {
    await owner.query(
      `UPDATE audit_entries SET seq = CASE seq WHEN 5 THEN 6 ELSE 5 END WHERE team_id = $1 AND seq IN (5, 6)`,
      [team],
    );
    expect(await verify()).toMatchObject({ code: 1, said: { chains: [{ fault: { seq: 5, what: 'changed' } }] } });
  });

  test('the last entries are gone', async () => {
    await owner.query(`DELETE FROM audit_entries WHERE team_id = $1 AND seq > 7`, [team]);
    expect(await verify()).toMatchObject({ code: 1, said: { chains: [{ fault: { seq: 8, what: 'truncated' } }] } });
  });

  test('the head itself is gone', async () => {
    await owner.query(`DELETE FROM audit_heads WHERE chain = $1`, [team]);
    expect(await verify()).toMatchObject({ code: 1, said: { chains: [{ fault: { seq: 1, what: 'inserted' } }] } });
  });
});

describe('what a whole chain cannot show, a head that was kept elsewhere does:', () => {
  const kept = () => join(dir, `${team}.json`);
  const keep = async () => writeFileSync(kept(), JSON.stringify((await audit('heads', '--team', team)).said));

  test('nothing is wrong while only more was written', async () => {
    await keep();
    await write(5);
    expect(await verify('--heads', kept())).toMatchObject({ code: 0, said: { isWhole: true, entries: ENTRIES + 5 } });
  });

  test('the end was cut off and the head set to fit', async () => {
    await keep();
    await owner.query(`DELETE FROM audit_entries WHERE team_id = $1 AND seq > 7`, [team]);
    await owner.query(
      `UPDATE audit_heads h SET seq = 7, hash = e.hash FROM audit_entries e WHERE h.chain = $1 AND e.team_id = $1 AND e.seq = 7`,
      [team],
    );
    expect((await verify()).code).toBe(0);
    expect(await verify('--heads', kept())).toMatchObject({
      code: 1,
      said: { chains: [{ fault: { what: 'truncated' } }] },
    });
  });

  test('the log was rewritten, with hashes that fit', async () => {
    await keep();
    await owner.query(`UPDATE audit_entries SET action = 'key.created' WHERE ${entry(4)}`);
    await rehash(4);
    await write(2);
    expect((await verify()).code).toBe(0);
    const { code, said } = await verify('--heads', kept());
    expect([code, said.chains[0]?.fault]).toEqual([1, { seq: ENTRIES, entry: null, what: 'rewritten' }]);
  });

  test('all of it is gone', async () => {
    await keep();
    for (const table of ['audit_entries WHERE team_id', 'audit_heads WHERE chain']) {
      await owner.query(`DELETE FROM ${table} = $1`, [team]);
    }
    expect(await audit('verify', '--heads', kept())).toMatchObject({
      code: 1,
      said: { error: { code: 'audit_broken' } },
    });
  });

  test('a line of a log is as good as what the command printed', async () => {
    const { said } = await audit('heads', '--team', team);
    writeFileSync(
      kept(),
      `auth-1  | {"level":30,"msg":"audit heads"}\nauth-1  | {"msg":"audit head",${JSON.stringify(said.heads[0]).slice(1)}\n`,
    );
    await owner.query(`UPDATE audit_entries SET action = 'key.created' WHERE ${entry(4)}`);
    await rehash(4);
    expect(await verify('--heads', kept())).toMatchObject({
      code: 1,
      said: { chains: [{ fault: { what: 'rewritten' } }] },
    });
  });

  test('the service notices a rewrite of what it has published', async () => {
    const heads = host.service.app.get(AuditHeads, { strict: false });
    const metrics = host.service.app.get(Registry, { strict: false });
    const rewritten = async () =>
      (await metrics.getSingleMetric('orgn_audit_rewritten_total')?.get())?.values[0]?.value ?? 0;
    // What the tests before this one did is noticed first.
    await owner.query('DELETE FROM audit_heads WHERE chain <> $1', [team]);
    for (let times = 0; times < 2; times += 1) await heads.publish();
    const before = await rewritten();
    await write(1);
    await heads.publish();
    expect(await rewritten()).toBe(before);
    await owner.query(`UPDATE audit_entries SET action = 'key.created' WHERE ${entry(4)}`);
    await rehash(4);
    await heads.publish();
    expect(await rewritten()).toBe(before + 1);
  });
});

describe('months that were dropped', () => {
  test('leave their last entry, from where the chain is whole', async () => {
    await owner.query("SELECT make_audit_month(date_trunc('month', now() AT TIME ZONE 'UTC') - interval '3 months')");
    // Three months ago somebody wrote four entries: the chain is made as it would have been.
    await owner.query(
      `UPDATE audit_entries SET id = overlay(id::text placing left(audit_lowest_id(now() - interval '3 months')::text, 13) from 1)::uuid
      WHERE team_id = $1 AND seq <= 4`,
      [team],
    );
    await owner.query(
      `UPDATE audit_entries SET hash = audit_hash(decode(repeat('00', 32), 'hex'), audit_entries) WHERE ${entry(1)}`,
    );
    await rehash(2);
    expect((await verify()).said).toMatchObject({ isWhole: true, entries: ENTRIES });
    const { rows } = await owner.query<{ gone: string }>('SELECT expire_audit_entries(40) AS gone');
    expect(Number(rows[0]?.gone)).toBe(4);
    const { code, said } = await verify();
    expect([code, said.entries, said.chains[0]?.begins]).toEqual([0, ENTRIES - 4, expect.objectContaining({ seq: 4 })]);
    await write(1);
    expect((await verify()).said).toMatchObject({ isWhole: true, entries: ENTRIES - 3 });
    await owner.query(`DELETE FROM audit_entries WHERE ${entry(5)}`);
    expect(await verify()).toMatchObject({ code: 1, said: { chains: [{ fault: { seq: 5, what: 'missing' } }] } });
  });
});

describe('the role of the service', () => {
  test.each([
    "INSERT INTO audit_entries (id, seq, at, actor_kind, action, object_kind, object_id, hash) VALUES (gen_random_uuid(), 1, now(), $1::text, $1::text, $1::text, $1::text, 'x')",
    'UPDATE audit_entries SET action = $1',
    'DELETE FROM audit_entries WHERE action = $1',
    'UPDATE audit_heads SET chain = $1',
    'DELETE FROM audit_cuts WHERE chain = $1',
    'SELECT expire_audit_entries(length($1))',
    'SELECT blank_audit_entries(length($1))',
  ])('is refused: %s', async (statement) => {
    await expect(host.database.query(statement, ['system'])).rejects.toMatchObject({ code: '42501' });
  });

  test('is refused the same in every month, and in the partition of those that have none', async () => {
    const { rows } = await owner.query<{ name: string }>(
      "SELECT inhrelid::regclass::text AS name FROM pg_inherits WHERE inhparent = 'audit_entries'::regclass",
    );
    expect(rows.length).toBeGreaterThan(4);
    for (const { name } of rows) {
      for (const statement of [`SELECT * FROM ${name}`, `DELETE FROM ${name}`, `INSERT INTO ${name} DEFAULT VALUES`]) {
        await expect(host.database.query(statement)).rejects.toMatchObject({ code: '42501' });
      }
    }
  });

  test('sets neither id, number nor time of an entry', async () => {
    const { rows } = await host.database.query<{ at: Date; id: string }>(
      'SELECT id, at FROM audit_entries WHERE team_id = $1',
      [team],
    );
    for (const { at, id } of rows) {
      expect(Math.abs(Date.now() - at.getTime())).toBeLessThan(60_000);
      expect(Math.abs(Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16) - at.getTime())).toBeLessThan(1_000);
    }
  });
});
