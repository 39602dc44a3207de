import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { eventually } from '@orgn/testing';
import { Client } from 'pg';
import { backUp } from '../backup/back-up.ts';
import type { Deployment } from '../deployment/deployment.ts';
import { DumpReader } from '../dump/dump-reader.ts';
import { migrationsBySchema } from '../service-schemas.ts';
import { rewrite } from '../testing/rewrite.ts';
import { fill, rowsOf, shapeOf, startDeployment, type TestDeployment } from '../testing/deployment.ts';
import { restoreDump } from './restore-dump.ts';

const dir = mkdtempSync(join(tmpdir(), 'orgn-backup-'));
const dump = join(dir, 'orgn.tar');

let source: TestDeployment;
let target: TestDeployment;
let keyId: string;

beforeAll(async () => {
  [source, target] = await Promise.all([startDeployment(), startDeployment()]);
  ({ keyId } = await fill(source, 300));
  await backUp(source.deployment, dump);
}, 120_000);

afterAll(async () => {
  await Promise.all([source.stop(), target.stop()]);
  rmSync(dir, { recursive: true, force: true });
});

async function restore(
  to: TestDeployment,
  {
    from = dump,
    replace = false,
    deployment = {},
  }: { from?: string; replace?: boolean; deployment?: Partial<Deployment> } = {},
) {
  await using reader = await DumpReader.open(from);
  return await restoreDump({ ...to.deployment, ...deployment }, reader, { replace });
}

const countsOf = (rows: Record<string, string>) =>
  Object.fromEntries(Object.entries(rows).map(([table, what]) => [table, what.split(' ')[0]]));

describe('a backup', () => {
  test('is one file that only its owner may read, and nothing beside it', () => {
    expect(statSync(dump).mode & 0o777).toBe(0o600);
    expect(readdirSync(dir)).toEqual(['orgn.tar']);
  });

  test('holds no secret of the deployment', () => {
    const bytes = readFileSync(dump);
    for (const { secret } of source.deployment.peppers) {
      for (const form of [secret, secret.toString('hex'), secret.toString('base64url')])
        expect(bytes.includes(form)).toBe(false);
    }
  });

  test('does not take the place of a file that is none', async () => {
    const other = join(dir, 'other.txt');
    writeFileSync(other, 'not a dump');
    await expect(backUp(source.deployment, other)).rejects.toMatchObject({ code: 'invalid_request' });
    expect(readFileSync(other, 'utf8')).toBe('not a dump');
    rmSync(other);
  });
});

test('these clusters are made as the compose file makes its own', () => {
  const compose = readFileSync(join(import.meta.dirname, '../../../../docker-compose.yml'), 'utf8');
  const embedded = readFileSync(join(import.meta.dirname, '../../../stack/postgres.mjs'), 'utf8');
  const args = /POSTGRES_INITDB_ARGS: (.*)/.exec(compose)![1]!.split(' ');
  expect(args).toContain('--auth=scram-sha-256');
  for (const arg of args) expect(embedded).toContain(`'${arg}'`);
});

describe('a restore', () => {
  test('makes an empty database the one that was backed up: every row, constraint, index, function and right', async () => {
    const restored = await restore(target);
    expect(restored).toMatchObject({ sessionsEnded: 1, migrations: [], usageRowsGone: 0 });
    expect(await rowsOf(target)).toEqual(await rowsOf(source));
    expect(await shapeOf(target)).toEqual(await shapeOf(source));
    expect(await target.query('SELECT 1 FROM auth.sessions')).toEqual([]);
    // The log goes on where it was.
    await target.query(
      `SELECT auth.record_audit_entry(NULL, 'system', NULL, NULL, 'a.b', 'team', 'x', NULL, NULL, NULL)`,
    );
  });

  test('refuses a database that is not empty, and replaces it when told so', async () => {
    const before = await rowsOf(target);
    await expect(restore(target)).rejects.toMatchObject({ code: 'database_not_empty' });
    expect(await rowsOf(target)).toEqual(before);
    await restore(target, { replace: true });
    expect(await rowsOf(target)).toEqual(await rowsOf(source));
    expect(await shapeOf(target)).toEqual(await shapeOf(source));
  });

  test('says which access is there again, and how much usage is gone', async () => {
    await target.query(`UPDATE key_registry.api_keys SET revoked_at = now(), revocation_reason = 'leaked'`);
    await target.query('DELETE FROM auth.memberships');
    await target.query(
      `UPDATE usage_metering.usage_rows SET recorded_at = now() WHERE ctid IN (SELECT ctid FROM usage_metering.usage_rows LIMIT 1)`,
    );
    expect(await restore(target, { replace: true })).toMatchObject({
      revived: {
        keys: [{ id: keyId, teamId: 'team_acme', name: 'one' }],
        members: [{ teamId: 'team_acme' }],
        teams: [],
      },
      usageRowsGone: expect.any(Number),
    });
  });

  test('refuses peppers that keys of the dump were not made with, by name, and changes nothing', async () => {
    const before = await rowsOf(target);
    const wrong = { peppers: [{ kid: 'k1', secret: Buffer.alloc(32, 8) }] };
    await expect(restore(target, { replace: true, deployment: wrong })).rejects.toMatchObject({
      code: 'wrong_pepper',
      message: expect.stringContaining('k1 of KEY_PEPPERS is another one'),
    });
    const other = { peppers: [{ kid: 'k2', secret: Buffer.alloc(32, 7) }] };
    await expect(restore(target, { replace: true, deployment: other })).rejects.toMatchObject({
      code: 'wrong_pepper',
      message: expect.stringContaining('KEY_PEPPERS lacks k1'),
    });
    expect(await rowsOf(target)).toEqual(before);
  });

  test('of a dump of the release before ends in what this release makes', async () => {
    const before = await startDeployment({
      auth: Object.values(migrationsBySchema.auth).slice(0, -2),
      usage_metering: Object.values(migrationsBySchema.usage_metering).slice(0, -1),
    });
    const old = join(dir, 'old.tar');
    try {
      await fill(before, 20);
      await backUp(before.deployment, old);
      const { migrations } = await restore(target, { from: old, replace: true });
      expect(migrations).toHaveLength(3);
      expect(await shapeOf(target)).toEqual(await shapeOf(source));
      expect(countsOf(await rowsOf(target))).toMatchObject(countsOf(await rowsOf(before)));
    } finally {
      await before.stop();
    }
  });

  test('of a newer release’s dump is refused with words, and changes nothing', async () => {
    const before = await rowsOf(target);
    const from = join(dir, 'newer.tar');
    await rewrite(dump, from, (manifest) => {
      manifest.release = '9.0.0';
      manifest.schemas[0]!.migrations.push({ name: 'FromTheFuture1999999999999', timestamp: 1999999999999 });
    });
    await expect(restore(target, { from, replace: true })).rejects.toMatchObject({
      code: 'dump_newer',
      message: expect.stringContaining('newer release (9.0.0)'),
    });
    expect(await rowsOf(target)).toEqual(before);
  });

  test.each([
    [
      'a row that breaks a rule of its table',
      'auth.teams.copy.gz',
      (text: string) => text.replace('team_acme', 'Team Acme'),
    ],
    ['a row too few', 'usage_metering.usage_rows.copy.gz', (text: string) => text.slice(text.indexOf('\n') + 1)],
    ['a reference to nobody', 'auth.users.copy.gz', (text: string) => text.replaceAll('a'.repeat(32), 'e'.repeat(32))],
    [
      'another end of the audit log',
      'auth.audit_heads.copy.gz',
      (text: string) => text.replace('team_other', 'team_others'),
    ],
    [
      'another digest of a key',
      'key_registry.api_keys.copy.gz',
      (text: string) => text.replace(/\\\\x[0-9a-f]{8}/, '\\\\x00000000'),
    ],
  ])('fails for %s, and leaves everything as it was', async (_, part, change) => {
    const [rows, shape] = [await rowsOf(target), await shapeOf(target)];
    const from = join(dir, 'bad.tar');
    await rewrite(dump, from, () => undefined, { [part]: change });
    await expect(restore(target, { from, replace: true })).rejects.toThrow();
    expect(await rowsOf(target)).toEqual(rows);
    expect(await shapeOf(target)).toEqual(shape);
  });

  test('waits for work under way, keeps what comes meanwhile waiting, and lets nobody see half of it', async () => {
    const service = new Client({ connectionString: target.postgres.urlOf('usage_metering') });
    await service.connect();
    try {
      const [before] = await target.query<{ count: string }>('SELECT count(*) FROM usage_metering.usage_rows');
      await service.query('BEGIN');
      await service.query('DELETE FROM usage_rows');
      const restoring = restore(target, { replace: true });
      await eventually(async () => {
        const [waiting] = await target.query<{ count: string }>('SELECT count(*) FROM pg_locks WHERE NOT granted');
        expect(waiting?.count).toBe('1');
      });
      const counted = new Client({ connectionString: target.postgres.urlOf('usage_metering') });
      await counted.connect();
      const count = counted.query<{ count: string }>('SELECT count(*) FROM usage_rows');
      await service.query('ROLLBACK');
      await restoring;
      // Either it saw what was before, or it failed with its table; never an empty one.
      const seen = await count.then(
        ({ rows }) => rows[0]?.count,
        (error: unknown) => (error as { code: string }).code,
      );
      expect([before?.count, '300', 'XX000', '42P01']).toContain(seen);
      expect((await counted.query('SELECT count(*) FROM usage_rows')).rows).toEqual([{ count: '300' }]);
      await counted.end();
    } finally {
      await service.end();
    }
  });
});
