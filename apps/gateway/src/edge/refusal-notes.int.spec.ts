import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { recordRefusals, ServiceError, tellOwners, type RequestOf, type UserId } from '@orgn/contracts';
import { EdgeStage, eventually, playResponder } from '@orgn/testing';
import { makeKey, makeWord } from '../authentication/make.ts';
import { makeModel } from '../models/make.ts';
import { gateway } from '../service.ts';

type Told = RequestOf<typeof recordRefusals>;

const [key, revoked, unknown] = [makeKey(), makeKey(), makeKey()];
const { keyId, teamId } = makeWord();
const ownerId = `user_${'5'.repeat(32)}` as UserId;

let stage: EdgeStage;
let api: string;
let told: Told[] = [];
let asked: string[] = [];

beforeAll(async () => {
  stage = await EdgeStage.open([makeModel(), makeModel({ id: 'vercel_gpt_4o', provider: 'vercel', execution: 'zdr' })]);
  stage.know(key.digest, makeWord({ executionPolicy: 'tee_only' }));
  stage.know(revoked.digest, new ServiceError('key_revoked', 'Ended.'));
  playResponder(stage.bus, tellOwners, ({ digests }) => {
    asked.push(...digests);
    const known = digests.filter((digest) => digest !== unknown.digest);
    return { owners: known.map((digest) => ({ digest, keyId, teamId, ownerId })) };
  });
  playResponder(stage.bus, recordRefusals, (batch) => {
    told.push(batch);
    return {};
  });
  ({ api } = await stage.start(gateway));
});
beforeEach(() => {
  [told, asked] = [[], []];
});
afterAll(() => stage.close());

const post = (raw: string, body: object) =>
  fetch(`${api}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${raw}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
const chat = { model: 'near_qwen3_30b', messages: [{ role: 'user', content: 'Hi' }] };
const refusals = () => told.flatMap((batch) => batch.refusals);

describe('what is refused after its key was known', () => {
  test('is told to metering with its code, and with no word of the caller’s', async () => {
    const answers = [
      await post(key.raw, { ...chat, model: 'vercel_gpt_4o' }),
      await post(key.raw, { ...chat, model: 'my-secret-model' }),
      await post(key.raw, { ...chat, n: 'my secret', temperature: 9 }),
      await post(key.raw, { ...chat, Model: 'my secret member' }),
      await post(revoked.raw, chat),
    ];
    await eventually(() => expect(refusals()).toHaveLength(5));
    const byId = new Map(refusals().map((one) => [one.requestId as string, one]));
    const inOrder = answers.map((answer) => byId.get(answer.headers.get('x-request-id') ?? ''));
    expect(inOrder.map((one) => [one?.code, one?.param, one?.model])).toEqual([
      ['execution_policy', 'model', 'vercel_gpt_4o'],
      ['model_not_found', 'model', null],
      ['invalid_request', expect.stringMatching(/^(n|temperature)$/), null],
      [expect.any(String), null, null],
      ['key_revoked', null, null],
    ]);
    for (const one of inOrder) expect(one).toMatchObject({ keyId, teamId, ownerId, path: '/v1/chat/completions' });
    expect(JSON.stringify(told)).not.toMatch(/secret|Hi/);
  });

  test('is not told of answers, and nothing is kept of unknown keys', async () => {
    stage.answer = ({ response }) => {
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"id":"1"}');
    };
    expect((await post(key.raw, chat)).status).toBe(200);
    expect((await post(unknown.raw, chat)).status).toBe(401);
    expect((await fetch(`${api}/v1/models`)).status).toBe(401);
    await post(key.raw, { ...chat, model: 'nothing_here' });
    await eventually(() => expect(refusals()).toHaveLength(1));
    expect(asked).toEqual([key.digest]);
  });

  test('is counted beyond 60 a minute of a key', async () => {
    const other = makeKey();
    stage.know(other.digest, makeWord());
    const sent = await Promise.all(
      Array.from({ length: 100 }, () => post(other.raw, { ...chat, model: 'nothing_here' })),
    );
    expect(sent.every(({ status }) => status === 404 || status === 429)).toBe(true);
    const more = () => told.flatMap((batch) => batch.more).reduce((sum, { count }) => sum + count, 0);
    await eventually(() => expect(refusals().length + more()).toBe(100));
    // A minute may have ended in between.
    expect([60, 100 - more()]).toContain(refusals().length);
    expect(more()).toBeGreaterThan(0);
  });
});
