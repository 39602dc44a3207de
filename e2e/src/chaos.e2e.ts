import { execFileSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { print } from './figures.ts';
import { Load } from './load.ts';
import { eventually, Stack, unbilled } from './stack.ts';

const isLong = process.env.TEST_LONG === '1';
const HURT_MS = isLong ? 20_000 : 4_000;
const PATIENCE_MS = 5_000;
/** Full after some hundred answers. */
const STREAM_BYTES = 256 * 1024;
const DISK_MIB = 8;

const stack = new Stack(unbilled);
const store = join(stack.dir, 'nats');
let load: Load;

beforeAll(async () => {
  process.env.USAGE_STREAM_MAX_BYTES = String(STREAM_BYTES);
  if (isLong) mountStore();
  await stack.start('--routers', '2');
  load = new Load(stack, PATIENCE_MS);
}, 240_000);

afterAll(async () => {
  delete process.env.USAGE_STREAM_MAX_BYTES;
  await load.end();
  await stack.stop();
  if (isLong) execFileSync('umount', ['--lazy', store]);
  await stack.remove();
});

/** A disk of its own for what NATS keeps, small enough to be filled. Only root may mount one: the long tests say so. */
function mountStore(): void {
  mkdirSync(store, { mode: 0o700 });
  writeFileSync(join(stack.dir, '.orgn-stack'), 'Made by a test.\n');
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK_MIB}m,mode=0700`, 'tmpfs', store]);
}

const pidOf = (name: string) => stack.file.processes.find((process) => process.name === name)!.pid;

/** A process and its children: Postgres has one for each connection. */
function familyOf(pid: number): number[] {
  const parentOf = (entry: string) => {
    try {
      return Number(
        readFileSync(`/proc/${entry}/stat`, 'utf8')
          .replace(/^.*\) /s, '')
          .split(' ')[1],
      );
    } catch {
      return undefined;
    }
  };
  const children = readdirSync('/proc').filter((entry) => /^\d+$/.test(entry) && parentOf(entry) === pid);
  return [pid, ...children.map(Number)];
}

async function whileStopped(pids: number[], work: () => Promise<void>): Promise<void> {
  const signal = (name: NodeJS.Signals) => {
    for (const pid of pids)
      try {
        process.kill(pid, name);
      } catch {
        // One that ended meanwhile needs no signal.
      }
  };
  signal('SIGSTOP');
  try {
    await work();
  } finally {
    signal('SIGCONT');
  }
}

/** Hurts for a while, and waits until customers are served as before. */
async function hurt(what: string, hurting: (work: () => Promise<void>) => Promise<void>): Promise<number> {
  load.turn();
  await hurting(() => sleep(HURT_MS));
  const { share, text } = load.turn();
  const since = performance.now();
  await eventually(async () => {
    load.turn();
    await sleep(700);
    expect(load.turn().share).toBe(1);
  }, 40_000);
  print(
    `${what}, ${HURT_MS / 1_000} s: ${text}; served as before after ${((performance.now() - since) / 1_000).toFixed(1)} s`,
  );
  return share;
}

const hang = (name: string) => (work: () => Promise<void>) => whileStopped(familyOf(pidOf(name)), work);

test('nothing wrong: everybody is answered', async () => {
  await sleep(2_000);
  load.turn();
  await sleep(3_000);
  const { share, text } = load.turn();
  print(`nothing wrong: ${text}`);
  expect(share).toBe(1);
});

test('auth hangs: nobody who has a key notices', async () => {
  expect(await hurt('auth hangs', hang('auth-1'))).toBe(1);
}, 90_000);

test('metering hangs until the usage stream is full: answers are withheld from then on, and flow again afterwards', async () => {
  await hurt('metering hangs, the stream runs full', hang('usage-metering-1'));
}, 90_000);

test('one of two routers hangs: some wait in vain, the others are answered', async () => {
  expect(await hurt('a router hangs', hang('inference-router-2'))).toBeGreaterThan(0);
}, 90_000);

test('Postgres is silent: nobody is let in unverified, and nothing is lost', async () => {
  await hurt('Postgres is silent', hang('postgres'));
}, 90_000);

test('an answer that was withheld stays free when its router dies before it could say so', async () => {
  await eventually(async () => {
    load.turn();
    await sleep(500);
    expect(load.turn().share).toBe(1);
  });
  const answers = await withheldByDeath();
  expect(answers.map(({ status }) => status)).toEqual([200, 503, 200, 503]);
  for (const { text } of answers) expect(text).toMatch(/"code":"service_unavailable"/);
  const ids = answers.map(({ id }) => id);
  await eventually(async () => {
    const rows = (await stack.usage()).filter(({ requestId }) => ids.includes(requestId));
    expect(rows.map(({ outcome, costNanoUsd }) => [outcome, costNanoUsd])).toEqual(ids.map(() => ['withheld', 0]));
  }, 60_000);
}, 120_000);

/** Answers that wait for the bus to store their usage when it stops, and whose routers are killed then. */
async function withheldByDeath(): Promise<{ id: string; status: number; text: string }[]> {
  const nats = pidOf('nats');
  const ask = async (stream: boolean) => {
    const body = { model: 'near_qwen3_30b', stream, messages: [{ role: 'user', content: 'Withheld?' }] };
    const response = await stack.chat(body);
    return { id: response.headers.get('x-request-id')!, status: response.status, text: await response.text() };
  };
  // The bus hangs while the provider answers: words reach its sockets, and are stored when nobody waits for that any more.
  await stack.control('near', { delayMs: 800, chunkDelayMs: 20 });
  const asked = [true, false, true, false].map(ask);
  await sleep(400);
  process.kill(nats, 'SIGSTOP');
  try {
    const answers = await Promise.all(asked);
    for (const name of ['inference-router-1', 'inference-router-2']) process.kill(pidOf(name), 'SIGKILL');
    return answers;
  } finally {
    process.kill(nats, 'SIGCONT');
    await stack.control('near', {});
  }
}

test('NATS hangs', async () => {
  await hurt('NATS hangs', hang('nats'));
}, 90_000);

const diskFull = async () => {
  const ballast = join(store, 'ballast');
  await hurt('disk full', async (work) => {
    const file = openSync(ballast, 'w');
    const chunk = Buffer.alloc(64 * 1024);
    try {
      for (;;) writeSync(file, chunk);
    } catch {
      // No room is left: what was wanted.
    }
    closeSync(file);
    await work();
    rmSync(ballast);
    // nats-server 2.9 gives JetStream up on a full disk, until it is started again.
    process.kill(pidOf('nats'), 'SIGKILL');
  });
};

if (isLong)
  test(
    'the disk of NATS is full: answers are withheld, and flow again when there is room and it was started again',
    diskFull,
    120_000,
  );

test('after all of it every answer that was delivered whole is paid, and none twice', async () => {
  await load.end();
  print(`chaos: ${await load.expectPaidOnce()}`);
  expect(load.delivered.length).toBeGreaterThan(200);
}, 120_000);
