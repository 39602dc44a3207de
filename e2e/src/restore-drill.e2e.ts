import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { addUsage, inDatabase, rowsOf, shapeOf } from '../../tools/migrate/src/testing/deployment.ts';
import { rewrite } from '../../tools/migrate/src/testing/rewrite.ts';
import { print, spread } from './figures.ts';
import { Stack, type Ended } from './stack.ts';

const ROWS = 100_000;
const EVERY_MS = 100;
const body = { model: 'near_qwen3_30b', messages: [{ role: 'user', content: 'Hello' }] };

const dir = mkdtempSync(join(tmpdir(), 'orgn-drill-'));
const dump = join(dir, 'orgn.tar');
const live = new Stack();
const fresh = new Stack();

/** Calls at a steady pace, each with its request id, its status and how long it took. */
class Trickle {
  readonly calls: Promise<{ id: string; status: number; ms: number }>[] = [];
  readonly #timer = setInterval(() => this.calls.push(this.#call()), EVERY_MS);

  async end() {
    clearInterval(this.#timer);
    return Promise.all(this.calls);
  }

  async #call() {
    const startedAt = performance.now();
    const response = await live.chat(body);
    await response.text();
    return {
      id: response.headers.get('x-request-id') ?? '',
      status: response.status,
      ms: performance.now() - startedAt,
    };
  }
}

const asked = <T>(stack: Stack, ask: Parameters<typeof inDatabase<T>>[1]) => inDatabase(stack.file.postgresUrl, ask);
const rows = (stack: Stack) => asked(stack, (query) => rowsOf({ query }));
/** But for what replicas of metering renew every second. */
const kept = async (stack: Stack) =>
  Object.entries(await rows(stack)).filter(([table]) => !/^usage_metering\.shard_(keepers|leases)$/.test(table));
const shape = (stack: Stack) => asked(stack, (query) => shapeOf({ query }));
const returned = async (stack: Stack) => {
  const sql = 'SELECT count(*)::int AS count FROM usage_metering.returned_words';
  return (await asked(stack, (query) => query<{ count: number }>(sql)))[0]!.count;
};

async function timed(work: Promise<Ended>): Promise<{ ended: Ended; seconds: string }> {
  const startedAt = performance.now();
  const ended = await work;
  return { ended, seconds: ((performance.now() - startedAt) / 1_000).toFixed(1) };
}

async function untilSettled(stack: Stack): Promise<void> {
  for (let tries = 0; tries < 100 && (await returned(stack)) > 0; tries += 1)
    await new Promise((done) => setTimeout(done, 200));
  expect(await returned(stack)).toBe(0);
}

/** What a refused command says, and that it left everything as it was. */
async function refusal(stack: Stack, from: string): Promise<string> {
  const before = await kept(stack);
  const { code, stdout } = await stack.operator('restore', '--from', from, '--replace');
  expect(code).toBe(1);
  expect(await kept(stack)).toEqual(before);
  const { error } = JSON.parse(stdout) as { error: { code: string; message: string } };
  print(`refused: ${error.code}: ${error.message}`);
  return error.code;
}

if (process.env.TEST_LONG === '1') {
  beforeAll(async () => {
    await live.start('--gateways', '2');
    await asked(live, (query) => addUsage({ query }, ROWS));
  }, 300_000);

  afterAll(async () => {
    for (const stack of [live, fresh]) await stack.remove().catch(() => undefined);
    rmSync(dir, { recursive: true, force: true });
  }, 120_000);

  test('a backup under traffic is a whole one, and restores to the same on an empty host and over a live one', async () => {
    const { key } = live.file.demo;
    const before = new Trickle();
    await new Promise((done) => setTimeout(done, 2_000));
    const told = await before.end();
    const during = new Trickle();
    const backup = await timed(live.operator('backup', '--to', dump));
    const calls = await during.end();
    expect(backup.ended.code).toBe(0);
    expect(calls.filter(({ status }) => status !== 200)).toEqual([]);
    print(
      `backup of ${ROWS} usage rows under ${calls.length} calls: ${backup.seconds} s, ${statSync(dump).size} bytes, calls ${spread(calls.map(({ ms }) => ms))}`,
    );

    // Another host: the secrets, then the dump.
    mkdirSync(fresh.dir, { recursive: true });
    for (const name of ['stack.json', '.orgn-stack']) cpSync(join(live.dir, name), join(fresh.dir, name));
    await fresh.start();
    const onEmpty = await timed(fresh.operator('restore', '--from', dump));
    expect(onEmpty.ended).toMatchObject({ code: 0 });
    await untilSettled(fresh);

    const over = new Trickle();
    const onLive = await timed(live.operator('restore', '--from', dump, '--replace'));
    const met = await over.end();
    expect(onLive.ended).toMatchObject({ code: 0 });
    print(
      `restore: ${onEmpty.seconds} s on an empty host, ${onLive.seconds} s over a live one, where ${met.filter(({ status }) => status !== 200).length} of ${met.length} calls met 503`,
    );
    expect(met.filter(({ status }) => status !== 200 && status !== 503)).toEqual([]);

    await untilSettled(live);
    expect(await shape(live)).toEqual(await shape(fresh));
    // Every answer that had been given before the backup began has its row, once, on both.
    const ids = told.map(({ id }) => id);
    for (const stack of [live, fresh]) {
      const sql = 'SELECT count(*)::int AS count FROM usage_metering.usage_rows WHERE request_id = ANY ($1::uuid[])';
      expect(await asked(stack, (query) => query(sql, [ids]))).toEqual([{ count: ids.length }]);
      const response = await stack.chat(body, { key });
      expect(response.status).toBe(200);
      await response.text();
    }
    const ledger = `SELECT count(*)::int AS rows, sum(cost_nano_usd)::text AS cost, md5(string_agg(t::text, ',' ORDER BY request_id)) AS digest
      FROM usage_metering.usage_rows t WHERE recorded_at <= (SELECT max(recorded_at) FROM usage_metering.usage_rows WHERE team_id = 'team_acme')`;
    const [one, other] = await Promise.all([live, fresh].map((stack) => asked(stack, (query) => query(ledger))));
    expect(one).toEqual(other);
    print(`ledger: ${JSON.stringify(one)}`);
  }, 600_000);

  test('what does not fit is refused with words, and nothing is changed', async () => {
    const bad = join(dir, 'bad.tar');
    cpSync(dump, bad);
    truncateSync(bad, statSync(dump).size - 1);
    expect(await refusal(live, bad)).toBe('dump_damaged');
    const flipped = readFileSync(dump);
    flipped[flipped.length >> 1]! ^= 1;
    writeFileSync(bad, flipped);
    expect(await refusal(live, bad)).toBe('dump_damaged');
    await rewrite(dump, bad, (manifest) =>
      manifest.schemas[0]!.migrations.push({ name: 'New9999999999999', timestamp: 1 }),
    );
    expect(await refusal(live, bad)).toBe('dump_newer');
    await rewrite(dump, bad, (manifest) => {
      manifest.peppers[0]!.proof = 'x'.repeat(43);
    });
    expect(await refusal(live, bad)).toBe('wrong_pepper');
  }, 300_000);
} else {
  test('a drill of this size runs with TEST_LONG=1; tools/migrate has the same, small', () => {
    expect(process.env.TEST_LONG).not.toBe('1');
  });
}
