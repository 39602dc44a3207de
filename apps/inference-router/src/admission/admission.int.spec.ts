import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { TICKET_HEADER, toTicketStub, type KeyId, type RequestId, type TeamId } from '@orgn/contracts';
import { mintTicket, PERIOD_MS, startService } from '@orgn/service-kit';
import { admissionSettings } from '@orgn/service-kit/settings';
import { eventually, makeAdmission, makeTicket, startRouterBench, type RouterBench } from '@orgn/testing';
import { v7 as uuidv7 } from 'uuid';
import { z } from 'zod';
import { inferenceRouter } from '../service.ts';

const models = readFileSync(new URL('../../../../models.yaml', import.meta.url), 'utf8');
const hello = { model: 'near_qwen3_30b', messages: [{ role: 'user', content: 'Hello' }] };
const newId = () => uuidv7() as RequestId;
const settings = z.object(admissionSettings);
const keysOf = (list: string) => settings.parse({ ADMISSION_KEYS: list }).ADMISSION_KEYS;
const foreign = keysOf(`test:${Buffer.alloc(32, 'other').toString('base64url')}`);
const nameless = keysOf(`t2:${Buffer.alloc(32, 'admission').toString('base64url')}`);

let bench: RouterBench;
let received = 0;

beforeAll(async () => {
  const start = (environment: Record<string, string>) => startService(inferenceRouter, environment);
  bench = await startRouterBench({ start, models }, uuidv7);
});
beforeEach(async () => {
  bench.forget();
  received = (await bench.providers.received('near')).requests ?? 0;
});
afterAll(() => bench.stop());

const ask = (ticket: string, requestId = newId(), body: object = hello) =>
  bench.ask('/chat/completions', body, { headers: { 'x-request-id': requestId, [TICKET_HEADER]: ticket } });
const askedOfProviders = async () => ((await bench.providers.received('near')).requests ?? 0) - received;

/** A ticket whose period is some periods before the current one. */
const ofPeriod = (ago: number, requestId: RequestId) =>
  makeTicket({ requestId, admittedAtMs: Date.now() - ago * PERIOD_MS });

describe('a request is taken', () => {
  test.each([0, 1])('with a ticket of %i periods ago', async (ago) => {
    const requestId = newId();
    expect((await ask(ofPeriod(ago, requestId), requestId)).status).toBe(200);
  });

  test('with the longest list of models that a key can have', async () => {
    const requestId = newId();
    const others = Array.from({ length: 255 }, (_, n) => `near_${'x'.repeat(119)}${n + 100}`);
    const ticket = makeTicket({ requestId }, [...others, hello.model]);
    expect(ticket.length).toBeGreaterThan(32_000);
    expect((await ask(ticket, requestId)).status).toBe(200);
    await eventually(() => expect(bench.events[0]?.data.ticket).toBe(toTicketStub(ticket)));
  });
});

test('what a team demands of enclaves by its ticket is demanded of each of its requests, and of nothing outside of enclaves', async () => {
  const askFor = async (teeDemands: string, model = hello.model) => {
    const requestId = newId();
    const answer = await ask(makeTicket({ requestId, teeDemands }), requestId, { ...hello, model });
    const { code } = (await answer.json()) as { code?: string };
    return [answer.status, code];
  };
  // Enclaves are reached in the clear here, which is borne in development as long as nobody demands more.
  expect(await askFor('tee')).toEqual([200, undefined]);
  const asked = await askedOfProviders();
  for (const demands of ['gpu', 'instance', 'tee; tcb=UpToDate'])
    expect(await askFor(demands)).toEqual([503, 'attestation_failed']);
  expect(await askFor('nothing-known')).toEqual([500, 'internal']);
  expect(await askedOfProviders()).toBe(asked);
  expect(await askFor('gpu', 'vercel_gpt_4o')).toEqual([200, undefined]);
});

describe('a request is refused, and no provider hears of it,', () => {
  afterEach(async () => {
    expect(await askedOfProviders()).toBe(0);
    expect(bench.events).toEqual([]);
  });

  const admissionOf = (requestId: RequestId) => makeAdmission({ requestId });
  test.each<[string, (id: RequestId) => string]>([
    ['without a ticket', () => ''],
    ['with something else for a ticket', () => 'Bearer'],
    ['with a forged ticket', (id) => mintTicket(foreign, admissionOf(id), null)],
    ['with a ticket of another deployment', (id) => mintTicket(nameless, admissionOf(id), null)],
    ['with a ticket that was cut short', (id) => makeTicket({ requestId: id }).slice(0, -1)],
    ['with a ticket of another team’s name', (id) => makeTicket({ requestId: id }).replace('team_test', 'team_rich')],
    ['with a ticket of another request', () => makeTicket({ requestId: newId() })],
    [
      'with a ticket whose list of models was taken off',
      (id) => toTicketStub(makeTicket({ requestId: id }, ['near_a'])),
    ],
  ])('%s', async (_what, ticketFor) => {
    const requestId = newId();
    const response = await ask(ticketFor(requestId), requestId);
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({ code: 'admission_refused' });
  });

  test('with a ticket of an older period than the last', async () => {
    const requestId = newId();
    const response = await ask(ofPeriod(2, requestId), requestId);
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({ code: 'admission_expired' });
  });

  test.each<[string, Parameters<typeof makeTicket>, string]>([
    ['for enclaves only', [{ requestId: newId(), executionPolicy: 'tee_only' }], 'execution_policy'],
    ['for other models', [{ requestId: newId() }, ['near_other']], 'model_not_allowed'],
  ])('with a ticket %s, whatever the gateway believes', async (_what, [admission, list], code) => {
    const body = { ...hello, model: 'vercel_gpt_4o' };
    const response = await ask(makeTicket(admission, list), admission.requestId, body);
    expect(response.status).toBe(403);
    expect(await response.json()).toMatchObject({ code });
  });

  test('with a fallback that the ticket does not allow', async () => {
    const requestId = newId();
    const body = { ...hello, models: ['near_qwen3_30b', 'phala_deepseek_r1'] };
    const response = await ask(makeTicket({ requestId }, [hello.model]), requestId, body);
    expect(await response.json()).toMatchObject({ code: 'model_not_allowed' });
  });
});

test('whose a request is says the ticket, and nothing else can be said', async () => {
  const requestId = newId();
  const mine = { teamId: 'team_mine' as TeamId, keyId: `key_${'7'.repeat(32)}` as KeyId };
  const ticket = makeTicket({ requestId, ...mine });
  const headers = { 'x-request-id': requestId, [TICKET_HEADER]: ticket };
  const theirs = { ...headers, 'x-orgn-team': 'team_theirs' };
  await expect(bench.ask('/chat/completions', hello, { headers: theirs })).rejects.toThrow('not listed');
  await bench.ask('/chat/completions', hello, { headers });
  await eventually(() => expect(bench.events).toHaveLength(1));
  expect(bench.events[0]?.data).toMatchObject({ ...mine, requestId, ticket: toTicketStub(ticket) });
});

test('the time of a word is when the database admitted the request', async () => {
  const requestId = newId();
  const admittedAtMs = Date.now() - 30_000;
  await ask(makeTicket({ requestId, admittedAtMs }), requestId);
  await eventually(() => expect(bench.events).toHaveLength(1));
  expect(Date.parse(bench.events[0]!.data.startedAt)).toBe(admittedAtMs);
});
