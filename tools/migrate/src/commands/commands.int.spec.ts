import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  copyFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { eventually } from '@orgn/testing';
import {
  addUsage,
  fill,
  pepper,
  rowsOf,
  shapeOf,
  startDeployment,
  type TestDeployment,
} from '../testing/deployment.ts';
import { backupCommand } from './backup-command.ts';
import { restoreCommand } from './restore-command.ts';
import { runCommand } from './run-command.ts';

const main = join(import.meta.dirname, '../../../operator/dist/main.js');
const dir = mkdtempSync(join(tmpdir(), 'orgn-commands-'));
const dump = join(dir, 'orgn.tar');
const more = join(dir, 'more.tar');

let source: TestDeployment;
let target: TestDeployment;

/** What the image tells the commands of a deployment. */
function environmentOf({ deployment }: TestDeployment, changed: Record<string, string> = {}) {
  const peppers = `${pepper.kid}:${pepper.secret.toString('base64url')}`;
  const given = { DATABASE_ADMIN_URL: deployment.databaseUrl, KEY_PEPPERS: peppers, INTERNAL_TLS: 'off' };
  return { ...given, ...changed };
}

interface Ran {
  status: number | null;
  /** Of a refusal. */
  error: { code: string; message: string } | undefined;
}

function toRan(status: number | null, out: string): Ran {
  const error = out.startsWith('{"error"') ? (JSON.parse(out) as { error: Ran['error'] }).error : undefined;
  return { status, error };
}

const commands = { backup: backupCommand, restore: restoreCommand };

/** Runs a command in this process. */
async function run([name, ...args]: [keyof typeof commands, ...string[]], of = target, changed = {}): Promise<Ran> {
  Object.assign(process.env, environmentOf(of, changed));
  let out = '';
  const streams = { out: (line: string) => void (out += line), err: () => undefined };
  return toRan(await runCommand(commands[name], args, streams), out);
}

/** Runs a command in a process of its own, which can be killed. */
function begin(args: string[], of: TestDeployment) {
  const env = { PATH: process.env.PATH, ...environmentOf(of) };
  const child = spawn(process.execPath, [main, ...args], { cwd: dir, env, stdio: ['ignore', 'pipe', 'ignore'] });
  const ended = Promise.all([once(child, 'close'), text(child.stdout)]).then(([[status], out]) =>
    toRan(status as number | null, out),
  );
  return { child, ended };
}

async function stateOf(deployment: TestDeployment) {
  return { rows: await rowsOf(deployment), shape: await shapeOf(deployment) };
}

/** Resolves once a restore has begun its transaction and locked the tables. */
async function untilLocked(): Promise<number> {
  return eventually(async () => {
    const [holder] = await target.query<{ pid: number }>(
      `SELECT pid FROM pg_locks WHERE mode = 'AccessExclusiveLock' AND granted AND relation IS NOT NULL LIMIT 1`,
    );
    expect(holder).toBeDefined();
    return holder!.pid;
  });
}

beforeAll(async () => {
  [source, target] = await Promise.all([startDeployment(), startDeployment()]);
  await fill(source, 300);
  expect(await run(['backup', '--to', dump], source)).toMatchObject({ status: 0 });
  await addUsage(source, 20_000);
  expect(await run(['backup', '--to', more], source)).toMatchObject({ status: 0 });
  expect(await run(['restore', '--from', dump])).toMatchObject({ status: 0 });
}, 120_000);

afterAll(async () => {
  await Promise.all([source.stop(), target.stop()]);
  rmSync(dir, { recursive: true, force: true });
});

describe('a backup that cannot be written', () => {
  let there: string[];
  beforeEach(() => {
    there = readdirSync(dir).sort();
  });

  test.each([
    ['a folder that is not there', `${dir}/nowhere/`, 'nowhere/ is no folder'],
    ['a file in a folder that is not there', `${dir}/nowhere/orgn.tar`, 'nowhere/orgn.tar cannot be written (ENOENT)'],
    ['a file below a file', `${dump}/orgn.tar`, 'orgn.tar/orgn.tar cannot be written (ENOTDIR)'],
    ['a device', '/dev/null', '/dev/null is there and is no dump'],
  ])('to %s says so, and leaves nothing behind', async (_, to, words) => {
    const { status, error } = await run(['backup', '--to', to], source);
    expect([status, error]).toEqual([1, { code: 'invalid_request', message: expect.stringContaining(words) }]);
    expect(readdirSync(dir).sort()).toEqual(there);
  });

  test.each([0, 100])('because there is room for %i KiB only says so, and keeps the backup of before', async (kib) => {
    const before = readFileSync(more);
    const limited = `ulimit -f ${kib}; exec "$0" "$@"`;
    const args = ['-c', limited, process.execPath, main, 'backup', '--to', more];
    const { status, stdout } = spawnSync('bash', args, {
      cwd: dir,
      env: { PATH: process.env.PATH, ...environmentOf(source) },
      encoding: 'utf8',
    });
    expect([status, JSON.parse(stdout)]).toEqual([
      1,
      { error: { code: 'invalid_request', message: `${more} cannot be written (EFBIG).` } },
    ]);
    expect(readFileSync(more).equals(before)).toBe(true);
    expect(readdirSync(dir).sort()).toEqual(there);
  });

  test('because it was killed is not in the way of the next one, and is not taken for one', async () => {
    const { child, ended } = begin(['backup', '--to', more], source);
    await eventually(() => expect(readdirSync(dir).some((name) => name.endsWith('.partial'))).toBe(true));
    child.kill('SIGKILL');
    await ended;
    const left = readdirSync(dir).filter((name) => name.endsWith('.partial'));
    expect(left.every((name) => name.startsWith('.'))).toBe(true);
    for (const name of left) rmSync(join(dir, name));
    expect(await run(['backup', '--to', more], source)).toMatchObject({ status: 0 });
  });
});

describe('a restore that cannot be', () => {
  const whole = () => statSync(dump).size;
  test.each<[string, (file: string) => void, string]>([
    ['an empty file', (file) => writeFileSync(file, ''), 'damaged'],
    ['a dump without its last byte', (file) => truncateSync(file, whole() - 1), 'damaged'],
    ['a dump without its end', (file) => truncateSync(file, whole() - 4_096), 'damaged'],
    ['the half of a dump', (file) => truncateSync(file, Math.floor(whole() / 2)), 'damaged'],
    ['the beginning of a dump', (file) => truncateSync(file, 1_024), 'damaged'],
    [
      'a dump with one byte more',
      (file) => writeFileSync(file, Buffer.concat([readFileSync(dump), Buffer.of(0)])),
      'damaged',
    ],
    ['a folder', (file) => rmSync(file), 'is no file'],
    ['nothing', (file) => rmSync(file), 'cannot be read (ENOENT)'],
    ['a pipe', (file) => (rmSync(file), spawnSync('mkfifo', [file])), 'is no file'],
  ])('from %s says so, and changes nothing', async (what, change, words) => {
    const before = await stateOf(target);
    const file = join(dir, 'bad.tar');
    copyFileSync(dump, file);
    change(file);
    const from = what === 'a folder' ? dir : file;
    const { status, error } = await run(['restore', '--replace', '--from', from]);
    expect([status, error]).toEqual([1, { code: 'dump_damaged', message: expect.stringContaining(words) }]);
    expect(await stateOf(target)).toEqual(before);
    rmSync(file, { force: true });
  });

  test.each([0, 300, 700, 2_000, -1_500, -600, -1])(
    'from a dump whose byte at %i is another one says so',
    async (at) => {
      const bytes = readFileSync(dump);
      const place = at < 0 ? bytes.length + at : at;
      bytes[place]! ^= 1;
      const file = join(dir, 'bad.tar');
      writeFileSync(file, bytes);
      expect(await run(['restore', '--replace', '--from', file])).toMatchObject({
        status: 1,
        error: { code: 'dump_damaged' },
      });
      rmSync(file);
    },
  );

  test('because a role is not there says which, changes nothing, and does not keep a backup from being made', async () => {
    await target.query('ALTER ROLE key_registry RENAME TO another');
    try {
      const before = await stateOf(target);
      const { status, error } = await run(['restore', '--replace', '--from', dump]);
      expect([status, error?.message]).toEqual([
        1,
        expect.stringMatching(/key_registry.*migrate job.*Nothing was changed/),
      ]);
      expect(await stateOf(target)).toEqual(before);
      expect(await run(['backup', '--to', join(dir, 'roleless.tar')])).toMatchObject({ status: 0 });
    } finally {
      await target.query('ALTER ROLE another RENAME TO key_registry');
    }
  });

  test.each([
    ['the password is another one', (url: URL) => (url.password = 'another'), /password or the role/],
    ['there is no such database', (url: URL) => (url.pathname = '/nowhere'), /no database of that name/],
    ['nobody listens', (url: URL) => (url.port = '1'), /cannot be reached/],
  ])('because %s says so, as a backup does', async (_, change, words) => {
    const url = new URL(target.deployment.databaseUrl);
    change(url);
    for (const args of [
      ['restore', '--from', dump],
      ['backup', '--to', dir],
    ] as const) {
      const { status, error } = await run([...args], target, { DATABASE_ADMIN_URL: url.href });
      expect([status, error]).toEqual([1, { code: 'service_unavailable', message: expect.stringMatching(words) }]);
    }
  });
});

describe('a restore that is broken off in the middle', () => {
  test('by a kill changes nothing, and can be begun again at once', async () => {
    const before = await stateOf(target);
    const { child, ended } = begin(['restore', '--replace', '--from', more], target);
    await untilLocked();
    child.kill('SIGKILL');
    await ended;
    expect(await stateOf(target)).toEqual(before);
    expect(await run(['restore', '--replace', '--from', dump])).toMatchObject({ status: 0 });
    expect(await run(['restore', '--from', dump])).toMatchObject({ status: 1, error: { code: 'database_not_empty' } });
  });

  test('by the database says so, and changes nothing', async () => {
    const before = await stateOf(target);
    const { ended } = begin(['restore', '--replace', '--from', more], target);
    await target.query('SELECT pg_terminate_backend($1)', [await untilLocked()]);
    const { status, error } = await ended;
    expect([status, error]).toEqual([
      1,
      { code: 'service_unavailable', message: expect.stringMatching(/ended, and nothing was changed/) },
    ]);
    expect(await stateOf(target)).toEqual(before);
  });
});
