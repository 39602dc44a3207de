import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { beginIdempotent, endIdempotent, teamId, type ReplyOf, type RequestOf } from '@orgn/contracts';
import { toDataSourceOptions } from '@orgn/database';
import { eventually, startBackbone, type Backbone } from '@orgn/testing';
import fc from 'fast-check';
import { Client } from 'pg';
import { DataSource } from 'typeorm';
import type { UsageMeteringConfig } from '../config.ts';
import { migrations } from '../migrations/index.ts';
import { usageMeteringService } from '../service.ts';
import { makeWord } from '../usage/make.ts';
import { UsageRowEntity } from '../usage/usage-row.entity.ts';
import { UsageRepository } from '../usage/usage.repository.ts';
import { DailySecrets } from './daily-secrets.ts';
import { hideRequest } from './hidden-request.ts';
import { IdempotencyExpiry } from './idempotency-expiry.ts';
import { IdempotencyKeyEntity } from './idempotency-key.entity.ts';
import { IdempotencySecretEntity } from './idempotency-secret.entity.ts';
import { IdempotencyRepository } from './idempotency.repository.ts';
import { makeBegin } from './make.ts';

const schema = 'usage_metering';
const HOUR_MS = 3_600_000;

type Begin = RequestOf<typeof beginIdempotent>;
type Begun = ReplyOf<typeof beginIdempotent>;

let backbone: Backbone;
let admin: Client;
let database: DataSource;
let usage: UsageRepository;
let repository: IdempotencyRepository;
let names = 0;

beforeAll(async () => {
  backbone = await startBackbone([{ name: schema, migrations }]);
  for (const instance of ['usage-metering-1', 'usage-metering-2', 'usage-metering-3'])
    await backbone.start(usageMeteringService, { instance, schema });
  admin = new Client({ connectionString: backbone.postgres.adminUrl });
  admin.on('error', () => undefined);
  await admin.connect();
  await admin.query(`SET search_path TO ${schema}`);
  const entities = [UsageRowEntity, IdempotencyKeyEntity, IdempotencySecretEntity];
  const url = backbone.postgres.urlOf(schema);
  database = await new DataSource(toDataSourceOptions({ url, instance: 'test', entities })).initialize();
  usage = new UsageRepository(database.getRepository(UsageRowEntity), { BILLING: 'off' } as UsageMeteringConfig);
  repository = newRepository();
});

afterAll(async () => {
  await database.destroy();
  await admin.end();
  await backbone.stop();
});

const newRepository = () =>
  new IdempotencyRepository(
    database.getRepository(IdempotencyKeyEntity),
    database.getRepository(IdempotencySecretEntity),
  );
const newName = () => `name-${++names}`;
const begin = (request: Begin) => backbone.bus.ask(beginIdempotent, request);
const end = ({ requestId, teamId }: Begin, outcome: RequestOf<typeof endIdempotent>['outcome']) =>
  backbone.bus.ask(endIdempotent, { teamId, requestId, outcome });
const settle = ({ requestId, teamId }: Begin, words: Parameters<typeof makeWord>[0] = {}) =>
  usage.keep([makeWord({ requestId, teamId, ...words })]);

async function makeOlder({ requestId }: Begin, hours: number): Promise<void> {
  const sql = "UPDATE idempotency_keys SET started_at = started_at - $2 * interval '1 hour' WHERE request_id = $1";
  await admin.query(sql, [requestId, hours]);
}

/** A replica that has just started, whose clock says `now`. */
async function beginAt(now: number, request: Begin): Promise<Begun> {
  const secrets = await new DailySecrets(repository).live(now);
  return repository.begin(request.teamId, request.requestId, hideRequest(request, secrets));
}

/** Of requests with one key of a team one is started, and all others are told of that one. */
function expectOneStarted(asked: readonly { request: Begin; begun: Begun }[]): void {
  const started = asked.filter(({ begun }) => begun.state === 'started');
  expect(started).toHaveLength(1);
  const { requestId, bodyDigest } = (started[0] as (typeof asked)[number]).request;
  for (const { request, begun } of asked) {
    const others = request.bodyDigest === bodyDigest ? 'in_progress' : 'mismatch';
    const state = request.requestId === requestId ? 'started' : others;
    expect(begun).toEqual({ state, requestId, outcome: null, costNanoUsd: null });
  }
}

describe('begin', () => {
  test('starts exactly one of any requests that come at once with one key of a team, over three replicas', async () => {
    const shape = { key: fc.nat(2), body: fc.nat(1), team: fc.nat(1) };
    const property = fc.asyncProperty(fc.array(fc.record(shape), { minLength: 1, maxLength: 24 }), async (shapes) => {
      const round = newName();
      const requests = shapes.map(({ key, body, team }) =>
        makeBegin({ key: `${round}-${key}`, body: `${body}`, team: `team_race-${team}` }),
      );
      const asked = await Promise.all(requests.map(async (request) => ({ request, begun: await begin(request) })));
      const byKey = Object.groupBy(asked, ({ request }) => request.teamId + request.keyDigest);
      for (const group of Object.values(byKey)) expectOneStarted(group ?? []);
    });
    await fc.assert(property, { numRuns: 60 });
  });

  test('starts exactly one around midnight too, among replicas whose clocks show different days', async () => {
    const clocks = fc.array(fc.integer({ min: -12, max: 12 }), { minLength: 2, maxLength: 8 });
    const midnight = new Date().setUTCHours(24, 0, 0, 0);
    const property = fc.asyncProperty(clocks, async (hours) => {
      const key = newName();
      const ask = async (hour: number) => {
        const request = makeBegin({ key });
        return { request, begun: await beginAt(midnight + hour * HOUR_MS, request) };
      };
      expectOneStarted(await Promise.all(hours.map(ask)));
    });
    await fc.assert(property, { numRuns: 60 });
  });

  test('says started again to the request that was started, so that a lost reply can be asked for again', async () => {
    const request = makeBegin({ key: newName() });
    expect(await begin(request)).toMatchObject({ state: 'started' });
    expect(await begin(request)).toMatchObject({ state: 'started', requestId: request.requestId });
  });

  test('is free for another team', async () => {
    const key = newName();
    expect(await begin(makeBegin({ key, team: 'team_one' }))).toMatchObject({ state: 'started' });
    expect(await begin(makeBegin({ key, team: 'team_two' }))).toMatchObject({ state: 'started' });
  });

  test('is free again after 24 hours, not before', async () => {
    const first = makeBegin({ key: newName() });
    await begin(first);
    await end(first, 'completed');
    await makeOlder(first, 23.9);
    expect(await begin({ ...first, ...makeRepetition() })).toMatchObject({ state: 'completed' });
    await makeOlder(first, 0.2);
    expect(await begin({ ...first, ...makeRepetition() })).toMatchObject({ state: 'started' });
  });

  test('is service_unavailable while the database is down: nobody is started on a guess', async () => {
    await backbone.postgres.crash();
    await expect(begin(makeBegin({ key: newName() }))).rejects.toMatchObject({ code: 'service_unavailable' });
    await backbone.postgres.start();
    admin = new Client({ connectionString: backbone.postgres.adminUrl });
    await admin.connect();
    await admin.query(`SET search_path TO ${schema}`);
    await eventually(async () =>
      expect(await begin(makeBegin({ key: newName() }))).toMatchObject({ state: 'started' }),
    );
  });
});

const makeRepetition = () => ({ requestId: makeBegin().requestId });

describe('end', () => {
  test.each(['completed', 'cancelled', 'failed'] as const)(
    '%s is told to repetitions, with the cost',
    async (outcome) => {
      const first = makeBegin({ key: newName() });
      await begin(first);
      await end(first, outcome);
      await end(first, outcome === 'failed' ? 'completed' : 'failed');
      const repetition = { ...first, ...makeRepetition() };
      const told = { state: 'completed', requestId: first.requestId, outcome };
      expect(await begin(repetition)).toEqual({ ...told, costNanoUsd: null });
      await settle(first, { outcome, costNanoUsd: 77 });
      expect(await begin(repetition)).toEqual({ ...told, costNanoUsd: 77 });
      expect(await begin({ ...repetition, bodyDigest: first.keyDigest })).toMatchObject({ state: 'mismatch' });
    },
  );

  test('of an answer that was withheld is told as failed and free', async () => {
    const first = makeBegin({ key: newName() });
    await begin(first);
    await end(first, 'failed');
    await settle(first, { outcome: 'withheld', costNanoUsd: 77 });
    const told = { state: 'completed', outcome: 'failed', costNanoUsd: 0 };
    expect(await begin({ ...first, ...makeRepetition() })).toMatchObject(told);
  });

  test('released makes the key free again, for any body', async () => {
    const first = makeBegin({ key: newName() });
    await begin(first);
    await end(first, 'released');
    const second = { ...first, ...makeRepetition(), bodyDigest: first.keyDigest };
    expect(await begin(second)).toMatchObject({ state: 'started', requestId: second.requestId });
  });

  test('released frees nothing that has ended or was used', async () => {
    const [ended, used] = [makeBegin({ key: newName() }), makeBegin({ key: newName() })];
    await Promise.all([begin(ended), begin(used)]);
    await end(ended, 'cancelled');
    await settle(used);
    for (const first of [ended, used]) {
      await end(first, 'released');
      expect(await begin({ ...first, ...makeRepetition() })).toMatchObject({ state: 'completed' });
    }
  });

  test("touches no other team's request", async () => {
    const first = makeBegin({ key: newName() });
    await begin(first);
    for (const outcome of ['released', 'failed'] as const)
      await end({ ...first, teamId: teamId.parse('team_other') }, outcome);
    expect(await begin({ ...first, ...makeRepetition() })).toMatchObject({ state: 'in_progress' });
  });
});

describe('a request whose gateway died', () => {
  test('has ended once there is usage of it', async () => {
    const first = makeBegin({ key: newName() });
    await begin(first);
    await settle(first, { outcome: 'cancelled', costNanoUsd: 5 });
    const told = { state: 'completed', requestId: first.requestId, outcome: 'cancelled', costNanoUsd: 5 };
    expect(await begin({ ...first, ...makeRepetition() })).toEqual(told);
  });

  test('counts as lost after 30 minutes without usage, and then one repetition is started', async () => {
    const first = makeBegin({ key: newName() });
    await begin(first);
    await makeOlder(first, 0.48);
    expect(await begin({ ...first, ...makeRepetition() })).toMatchObject({ state: 'in_progress' });
    await makeOlder(first, 0.03);
    const requests = Array.from({ length: 6 }, () => ({ ...first, ...makeRepetition() }));
    expectOneStarted(await Promise.all(requests.map(async (request) => ({ request, begun: await begin(request) }))));
  });
});

describe('what is stored', () => {
  test('is neither key nor body, nor a digest that a guess could be held against without a secret', async () => {
    const request = makeBegin({ key: newName() });
    await begin(request);
    const { rows } = await admin.query('SELECT * FROM idempotency_keys WHERE request_id = $1', [request.requestId]);
    const stored = JSON.stringify(rows.map((row: object) => Object.values(row).map((value) => asTexts(value))));
    for (const digest of [request.keyDigest, request.bodyDigest]) {
      expect(stored).toContain(request.requestId);
      for (const text of asTexts(Buffer.from(digest, 'base64url'))) expect(stored).not.toContain(text);
    }
  });

  test('is deleted when its time has come: keys after 24 hours, secrets when no living key can need them', async () => {
    const [old, young] = [makeBegin({ key: newName() }), makeBegin({ key: newName() })];
    await Promise.all([begin(old), begin(young)]);
    await makeOlder(old, 24.1);
    const secretOf = (day: string, lives: string) =>
      admin.query(`INSERT INTO idempotency_secrets VALUES ($1, '\\x${'00'.repeat(32)}', now() + $2::interval)`, [
        day,
        lives,
      ]);
    await secretOf('2001-01-01', '-1 second');
    await secretOf('2001-01-02', '1 hour');
    const log = { warn: fail } as unknown as ConstructorParameters<typeof IdempotencyExpiry>[1];
    await new IdempotencyExpiry(repository, log).forget();
    const { rows } = await admin.query<{ request_id: string }>('SELECT request_id FROM idempotency_keys');
    const left = rows.map((row) => row.request_id);
    expect(left).toContain(young.requestId);
    expect(left).not.toContain(old.requestId);
    const secrets = await admin.query<{ day: string }>('SELECT day::text FROM idempotency_secrets ORDER BY day');
    expect(secrets.rows.map(({ day }) => day)).toEqual(expect.arrayContaining(['2001-01-02']));
    expect(secrets.rows.map(({ day }) => day)).not.toContain('2001-01-01');
  });

  test('outlives its secret by no day: a secret stands until the day after its own has ended', async () => {
    const sql =
      "SELECT count(*)::int AS wrong FROM idempotency_secrets WHERE day > '2002-01-01' AND expires_at <> (day + 2)::timestamp AT TIME ZONE 'UTC'";
    await new DailySecrets(repository).live();
    const { rows } = await admin.query<{ wrong: number }>(sql);
    expect(rows).toEqual([{ wrong: 0 }]);
  });
});

function fail(): never {
  throw new Error('the clean-up failed');
}

function asTexts(value: unknown): string[] {
  if (!Buffer.isBuffer(value)) return [String(value)];
  return (['hex', 'base64', 'base64url'] as const).map((encoding) => value.toString(encoding).replaceAll('=', ''));
}
