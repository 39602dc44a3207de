import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import pg from 'pg';
import { expectLostSoon } from './channel/lost-streams.ts';
import { PacedProvider } from './channel/paced-provider.ts';
import { readStream } from './channel/stream-reader.ts';
import { print } from './figures.ts';
import { Load } from './load.ts';
import { FarPlace, swallowPort } from './network/far-place.ts';
import { eventually, Stack, unbilled } from './stack.ts';

const HURT_MS = 30_000;
/** Streams that are under way when packets begin to be swallowed, and last until long after their end would be noticed. */
const STREAMS = 12;
const PACE = { gapMs: 50, chunks: 240 };
const PATIENCE_MS = 5_000;
const isInside = process.env.SWALLOWED_PACKETS === 'inside';

/** A network namespace, with what is needed to make more of them, is root's; where there is none nothing can be shown. */
function canHaveNetwork(): boolean {
  const needed = 'ip link add a0 type veth peer name a1 && iptables -t nat -A INPUT -j SNAT --to-source 127.0.0.1';
  return spawnSync('unshare', ['--net', 'sh', '-c', needed], { stdio: 'ignore' }).status === 0;
}

/** This file once more, in a network of its own: what it does to packets is seen by nobody else, and ends with it. */
function runInside(): void {
  const jest = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', 'node_modules/jest/bin/jest.js'];
  const again = [...jest, '-c', 'e2e/jest.config.mjs', '--runInBand', 'swallowed-packets'];
  const up = 'ip link set lo up && exec "$@"';
  const ended = spawnSync('unshare', ['--net', 'sh', '-c', up, 'sh', process.execPath, ...again], {
    cwd: root,
    env: { ...process.env, SWALLOWED_PACKETS: 'inside' },
    encoding: 'utf8',
  });
  print(`${ended.stdout}${ended.stderr}`);
  expect(ended.status).toBe(0);
}

function outside(): void {
  if (process.env.TEST_LONG !== '1') {
    test('packets are swallowed in the long tests', () => undefined);
  } else if (canHaveNetwork()) {
    test('whoever sits behind a network that swallows packets stops nobody', runInside, 900_000);
  } else {
    test('packets are swallowed where namespaces, veth and iptables are root’s to use', () => {
      print('swallowed packets: NOT SHOWN, this needs root, unshare, ip and iptables');
    });
  }
}

const root = join(import.meta.dirname, '../..');
const provider = new PacedProvider();
const stack = new Stack(unbilled);
let load: Load;
let folder: string;
const places: Record<'registry' | 'router' | 'metering', FarPlace> = {} as never;

/** The models of a stack, and the one of the paced provider. */
function allModels(): string {
  const file = join(folder, 'models.yaml');
  const texts = ['models.yaml', 'tools/bench/models.yaml'].map((name) => readFileSync(join(root, name), 'utf8'));
  writeFileSync(file, texts.join('\n'));
  return file;
}

async function startFarStack(): Promise<void> {
  folder = mkdtempSync(join(tmpdir(), 'orgn-swallowed-'));
  stack.env.LOCAL_BASE_URL = await provider.listen(PACE);
  stack.env.MODELS_FILE = allModels();
  await stack.start('--no-restart', '--routers', '2');
  const services = { registry: 'key-registry', router: 'inference-router', metering: 'usage-metering' } as const;
  for (const [index, name] of (['registry', 'router', 'metering'] as const).entries()) {
    const place = (places[name] = await FarPlace.make(index + 1));
    const service = services[name];
    await place.start(pidOf(`${service}-1`), `${service}-far`, join(stack.dir, 'logs', `${service}-far.log`));
  }
  // The only metering is the one far away.
  process.kill(pidOf('usage-metering-1'), 'SIGTERM');
  await sleep(3_000);
  load = new Load(stack, PATIENCE_MS);
}

async function endFarStack(): Promise<void> {
  await load.end();
  await Promise.all(Object.values(places).map((place) => place.close()));
  await stack.remove();
  provider.close();
  rmSync(folder, { recursive: true });
}

const pidOf = (name: string) => stack.file.processes.find((process) => process.name === name)!.pid;

/** Swallows packets for a while, and waits until customers are served as before. */
async function hurt(what: string, swallow: () => void, release: () => void): Promise<number> {
  load.turn();
  swallow();
  try {
    await sleep(HURT_MS);
  } finally {
    release();
  }
  const { share, text } = load.turn();
  const since = performance.now();
  await eventually(async () => {
    load.turn();
    await sleep(700);
    expect(load.turn().share).toBe(1);
  }, 90_000);
  const after = ((performance.now() - since) / 1_000).toFixed(1);
  print(`packets of ${what} swallowed, ${HURT_MS / 1_000} s: ${text}; served as before after ${after} s`);
  return share;
}

/** The first line that the server sends names it. */
async function natsVersion(): Promise<string> {
  const socket = connect(Number(new URL(stack.file.natsUrl).port), '127.0.0.1');
  const [line] = (await once(socket, 'data')) as [Buffer];
  socket.destroy();
  return (JSON.parse(line.toString().replace(/^INFO /, '')) as { version: string }).version;
}

/** What a clerk does while packets are swallowed: a question to whichever registry the bus chooses. */
async function askForKeys(): Promise<number[]> {
  const until = performance.now() + HURT_MS;
  const codes: number[] = [];
  while (performance.now() < until) {
    codes.push((await stack.operator('keys', 'list', '--team', stack.file.demo.teamId)).code);
    await sleep(500);
  }
  return codes;
}

const hurtPlace = (what: string, place: FarPlace) =>
  hurt(
    what,
    () => place.swallow(),
    () => place.release(),
  );

const hurtPort = (what: string, url: string) => {
  const port = Number(new URL(url).port);
  return hurt(
    what,
    () => swallowPort(port, Object.values(places), true),
    () => swallowPort(port, Object.values(places), false),
  );
};

function inside(): void {
  beforeAll(startFarStack, 300_000);
  afterAll(endFarStack, 60_000);

  test('nothing wrong: everybody is answered', async () => {
    await sleep(2_000);
    load.turn();
    await sleep(5_000);
    const { share, text } = load.turn();
    print(`nothing wrong: ${text}`);
    expect(share).toBe(1);
  });

  test('one of two registries: no customer notices, and changes are made again within half a minute', async () => {
    const clerk = askForKeys();
    expect(await hurtPlace('one of two registries', places.registry)).toBe(1);
    const codes = await clerk;
    const had = codes.map((code) => (code === 0 ? 'had' : 'not had'));
    const version = await natsVersion();
    print(`nats-server ${version}; lists of keys asked for meanwhile, one after the other: ${had.join(', ')}`);
    // Older ones take what they send for a sign of life of who should get it.
    if (Number(version.split('.')[1]) >= 12) expect(codes.at(-1)).toBe(0);
  }, 150_000);

  test('one of three routers: what was under way on it ends within 5 s, charged once, and the others are answered', async () => {
    const under = Array.from({ length: STREAMS }, (_, at) => readStream(stack, `swallowed-${at}`));
    await sleep(1_000);
    const since = performance.now();
    expect(await hurtPlace('one of three routers', places.router)).toBeGreaterThan(0.9);
    print(`one of three routers, swallowed: ${await expectLostSoon(stack, await Promise.all(under), since)}`);
  }, 150_000);

  test('metering: customers are answered while the stream has room', async () => {
    expect(await hurtPlace('metering', places.metering)).toBe(1);
  }, 150_000);

  test('NATS: nobody is let in unverified, and nothing is lost', async () => {
    await hurtPort('NATS', stack.file.natsUrl);
  }, 150_000);

  test('Postgres: nobody is let in unverified, and nothing is lost', async () => {
    await hurtPort('Postgres', stack.file.postgresUrl);
  }, 150_000);

  test('a host that is gone without a word leaves no session in Postgres', async () => {
    const client = new pg.Client({ connectionString: stack.file.postgresUrl });
    await client.connect();
    const sessions = async () => {
      const asked = "SELECT 1 FROM pg_stat_activity WHERE application_name = 'key-registry-far'";
      return (await client.query(asked)).rowCount;
    };
    expect(await sessions()).toBeGreaterThan(0);
    places.registry.swallow();
    await places.registry.close();
    const since = performance.now();
    await eventually(async () => expect(await sessions()).toBe(0), 120_000);
    print(`sessions of a host that is gone: ended after ${((performance.now() - since) / 1_000).toFixed(0)} s`);
    await client.end();
  }, 150_000);

  test('after all of it every answer that was delivered whole is paid, and none twice', async () => {
    await load.end();
    print(`swallowed packets: ${await load.expectPaidOnce()}`);
    expect(load.delivered.length).toBeGreaterThan(200);
  }, 150_000);
}

if (isInside) inside();
else outside();
