import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { DISPATCH_ERROR_TYPE } from '@orgn/dialects';
import { EdgeStage, eventually, playRouter, type PlayedRouter, type Posted } from '@orgn/testing';
import { makeKey, makeWord } from '../authentication/make.ts';
import { makeModel } from '../models/make.ts';
import { gateway } from '../service.ts';

const key = makeKey();
const authorization = `Bearer ${key.raw}`;
const [shared, first, second] = ['near_shared', 'near_first', 'near_second'].map((id) => makeModel({ id }));
if (!shared || !first || !second) throw new Error('three models');

let stage: EdgeStage;
let other: PlayedRouter;
let api: string;
/** Which router answered, by the id of the model that it was asked for. */
let asked: { model: string; router: number }[] = [];

const record =
  (router: number) =>
  ({ response, body }: Posted) => {
    const { model } = JSON.parse(body.toString()) as { model: string };
    asked.push({ model, router });
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
  };
const ids = async () => {
  const response = await fetch(`${api}/v1/models`, { headers: { authorization } });
  return ((await response.json()) as { data: { id: string }[] }).data.map(({ id }) => id).sort();
};
const run = (model: string, more: object = {}) =>
  fetch(`${api}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization, 'content-type': 'application/json' },
    body: JSON.stringify({ model, messages: [{ role: 'user', content: 'Hi' }], ...more }),
  });

beforeAll(async () => {
  stage = await EdgeStage.open([shared, first]);
  stage.know(key.digest, makeWord());
  stage.answer = record(1);
  other = await playRouter(stage.bus, { name: 'router-2', models: [shared, second], answer: record(2) });
  ({ api } = await stage.start(gateway));
  await eventually(async () => expect(await ids()).toHaveLength(3));
});
beforeEach(() => void (asked = []));
afterAll(async () => {
  await other.end();
  await stage.close();
});

describe('routers that serve different models', () => {
  test('get only what they serve', async () => {
    const wanted = Array.from({ length: 30 }, (_, at) => [shared.id, first.id, second.id][at % 3]!);
    const routersOf = (id: string) => new Set(asked.filter(({ model }) => model === id).map(({ router }) => router));
    // One that was late when all were last asked is left out until they are asked again.
    await eventually(async () => {
      const answers = await Promise.all(wanted.map((model) => run(model)));
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
      expect(routersOf(shared.id)).toEqual(new Set([1, 2]));
    });
    expect([routersOf(first.id), routersOf(second.id)]).toEqual([new Set([1]), new Set([2])]);
  });

  test('get a request with fallbacks only where all of its models are served', async () => {
    for (let turn = 0; turn < 8; turn += 1)
      expect((await run(shared.id, { models: [shared.id, second.id] })).status).toBe(200);
    expect(new Set(asked.map(({ router }) => router))).toEqual(new Set([2]));
  });
});

describe('a router that refuses with nothing begun', () => {
  const says = (refusal: object) => {
    stage.answer = ({ response, body }) => {
      const { model } = JSON.parse(body.toString()) as { model: string };
      asked.push({ model, router: 1 });
      response.writeHead(503, { 'content-type': DISPATCH_ERROR_TYPE }).end(JSON.stringify(refusal));
    };
  };
  const refusal = { code: 'service_unavailable', message: 'Usage cannot be recorded right now.' };
  const runOften = async (model: string) => {
    const statuses: number[] = [];
    for (let turn = 0; turn < 12; turn += 1) statuses.push((await run(model)).status);
    return statuses;
  };
  afterAll(() => void (stage.answer = record(1)));

  test('for reasons of its own is not the last that is asked', async () => {
    says({ ...refusal, isNotTaken: true });
    expect(new Set(await runOften(shared.id))).toEqual(new Set([200]));
    expect(asked.filter(({ router }) => router === 2)).toHaveLength(12);
  });

  test('says why where there is no other, and the request may be sent again', async () => {
    says({ ...refusal, isNotTaken: true });
    const response = await run(first.id);
    expect([response.status, response.headers.get('x-should-retry')]).toEqual([503, 'true']);
    expect(await response.json()).toMatchObject({ error: refusal });
  });

  test('is not asked beside another one when it may have begun', async () => {
    says(refusal);
    const statuses = await runOften(shared.id);
    expect(asked).toHaveLength(12);
    expect(statuses.filter((status) => status === 503)).toHaveLength(asked.filter(({ router }) => router === 1).length);
  });
});

describe('a router that changes what it serves', () => {
  test('is followed at once, with models that come and models that go', async () => {
    other.serve([shared]);
    await eventually(async () => expect(await ids()).toEqual([first.id, shared.id]));
    expect((await run(second.id)).status).toBe(404);
    other.serve([shared, second]);
    await eventually(async () => expect(await ids()).toEqual([first.id, second.id, shared.id]));
    expect((await run(second.id)).status).toBe(200);
  });

  test('shows the others’ models once it has left, and gets nothing more', async () => {
    other.leave();
    await eventually(async () => expect(await ids()).toEqual([first.id, shared.id]));
    for (let turn = 0; turn < 8; turn += 1) expect((await run(shared.id)).status).toBe(200);
    expect(new Set(asked.map(({ router }) => router))).toEqual(new Set([1]));
  });
});

describe('a deployment without a provider', () => {
  let empty: EdgeStage;
  let bare: string;
  beforeAll(async () => {
    empty = await EdgeStage.open([]);
    empty.know(key.digest, makeWord());
    ({ api: bare } = await empty.start(gateway));
  });
  afterAll(() => empty.close());

  test('is well, lists nothing, says what is missing, and invites no repetition', async () => {
    const get = (path: string) => fetch(`${bare}${path}`, { headers: { authorization } });
    expect(await (await get('/v1/models')).json()).toEqual({ object: 'list', data: [] });
    expect(await (await get('/status')).json()).toMatchObject({
      status: 'degraded',
      message: expect.stringContaining('No provider is configured'),
      catalogue: { models: 0 },
    });
    // What was found is told for half a second.
    await eventually(async () => {
      const health = (await (await get('/health')).json()) as { checks: Record<string, string> };
      expect(health.checks).toMatchObject({ 'inference-router': 'ok' });
    });
    const response = await fetch(`${bare}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'near_any', messages: [{ role: 'user', content: 'Hi' }] }),
    });
    expect(response.status).toBe(503);
    expect([response.headers.get('retry-after'), response.headers.get('x-should-retry')]).toEqual([null, 'false']);
    expect(await response.json()).toMatchObject({
      error: { code: 'service_unavailable', message: expect.stringContaining('NEAR_BASE_URL') },
    });
  });
});

test('a router that refuses is not taken for one that is away', async () => {
  stage.answer = ({ response }) =>
    response
      .writeHead(400, { 'content-type': DISPATCH_ERROR_TYPE })
      .end(JSON.stringify({ code: 'invalid_request', message: 'No.' }));
  expect((await run(first.id)).status).toBe(400);
});
