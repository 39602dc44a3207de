import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { json } from 'node:stream/consumers';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { disableKey, errorCodes, errorTable, issueKey, revokeKey, setKeysStanding, type TeamId } from '@orgn/contracts';
import type { Bus } from '@orgn/service-kit';
import { connectStackBus } from '@orgn/testing';
import { eventually, Stack } from './stack.ts';

type Provoked = Response | Promise<Response>;
interface Row {
  code: (typeof errorCodes)[number];
  /** How it comes about. */
  by: string;
  provoke: () => Provoked;
  param?: string;
  /** Where it is not the code's own, because a provider's passes. */
  shown?: { status?: number; type?: string; code?: string };
}

/** Codes that no request to the API can meet, or not yet: the console's, the operator's, and those of parts to come. */
const elsewhere = [
  'admission_expired',
  'admission_refused',
  'attestation_failed',
  'balance_busy',
  'budget_exceeded',
  'confirmation_required',
  'cross_site_request',
  'insufficient_balance',
  'internal',
  'key_owner_removed',
  'key_quarantined',
  'metering_unavailable',
  'not_permitted',
  'not_signed_in',
  'not_supported_yet',
  'reauthentication_required',
  'request_conflict',
  'team_not_found',
];
const hello = { model: 'near_qwen3_30b', messages: [{ role: 'user', content: 'Hello' }] };
const settings = { REQUEST_TIMEOUT_MS: '1000', MAX_STREAMS_PER_KEY: '1', MAX_BODY_BYTES: '100000' };
const noZdr =
  '- { id: vercel_no_zdr, provider: vercel, upstream: acme/model-no-zdr, execution: zdr, type: chat, context: 1000, ' +
  "maxOutput: 100, defaultOutput: 10, price: { input: '1', output: '1' } }\n";

const stack = new Stack();
const scratch = mkdtempSync(join(tmpdir(), 'orgn-errors-'));
const provoked = new Set<string>();
let bus: Bus;
let teamId: TeamId;

const post = (path: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${stack.file.api}${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${stack.file.demo.key}`, 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
const chat = (changes: object = {}, headers: Record<string, string> = {}) =>
  post('/v1/chat/completions', { ...hello, ...changes }, headers);
const bearer = (key: string) => ({ authorization: `Bearer ${key}` });
let keys = 0;
const issue = (restrictions: object = {}) =>
  bus.ask(issueKey, { teamId, name: `errors ${(keys += 1)}`, ...restrictions });
const under = async (restrictions: object, changes: object = {}) =>
  chat(changes, bearer((await issue(restrictions)).key));
const failing = (provider: string, state: object, model: string) => async () => {
  await stack.control(provider, state);
  return chat({ model });
};
/** One stream stays open while another is asked for. */
const secondStream = async () => {
  await stack.control('near', { chunkDelayMs: 300 });
  const leaving = new AbortController();
  const first = await stack.chat({ ...hello, stream: true }, { signal: leaving.signal });
  const second = await chat({ stream: true });
  leaving.abort();
  await first.text().catch(() => '');
  return second;
};
/** A body that is announced and never comes. */
const slowly = () =>
  new Promise<Response>((resolve, reject) => {
    const { hostname, port } = new URL(stack.file.api);
    const socket = connect(Number(port), hostname).on('error', reject);
    let text = '';
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      const [head = '', body] = text.split('\r\n\r\n');
      if (!body?.endsWith('}')) return;
      const [, ...lines] = head.split('\r\n');
      const headers = lines.map((line) => line.split(': ', 2) as [string, string]);
      resolve(new Response(body, { status: Number(head.slice(9, 12)), headers }));
      socket.destroy();
    });
    socket.write(
      `POST /v1/chat/completions HTTP/1.1\r\nhost: edge\r\nauthorization: Bearer ${stack.file.demo.key}\r\n` +
        'content-type: application/json\r\ncontent-length: 100\r\n\r\n{',
    );
  });
/** A request, and another under the same idempotency key: once it has ended, or while it runs. */
const named = async (second: object, whileItRuns: boolean) => {
  const key = { 'idempotency-key': `errors-${(keys += 1)}` };
  const first = chat({}, key).then((answer) => answer.text());
  if (whileItRuns) await eventually(async () => expect((await stack.received('near')).openRequests).toBeGreaterThan(0));
  else await first;
  const repeated = await chat(second, key);
  await first;
  return repeated;
};
const revoked = async () => {
  const { id, key } = await issue();
  await bus.ask(revokeKey, { key: { id: id }, reason: 'leaked', isConfirmed: true });
  return chat({}, bearer(key));
};
const disabled = async () => {
  const { id, key } = await issue();
  await bus.ask(disableKey, { teamId, id: id });
  return chat({}, bearer(key));
};
const expired = async () => {
  const { key } = await issue({ expiresAt: new Date(Date.now() + 1_500).toISOString() });
  let answer = await chat({}, bearer(key));
  await eventually(async () => {
    answer = await chat({}, bearer(key));
    expect(answer.status).toBe(401);
  });
  return answer;
};
const suspended = async () => {
  const { key } = await issue();
  await bus.ask(setKeysStanding, { teamId, standing: 'suspended' });
  const answer = await chat({}, bearer(key));
  await bus.ask(setKeysStanding, { teamId, standing: 'active' });
  return answer;
};
/** No registry answers for a moment. */
const unreachable = async () => {
  const { pid } = stack.file.processes.find(({ service }) => service === 'key-registry')!;
  process.kill(pid, 'SIGSTOP');
  const answer = await chat();
  process.kill(pid, 'SIGCONT');
  return answer;
};

const rows: Row[] = [
  { code: 'missing_api_key', by: 'no key', provoke: () => fetch(`${stack.file.api}/v1/models`) },
  {
    code: 'missing_api_key',
    by: 'a session',
    provoke: () => fetch(`${stack.file.api}/v1/models`, { headers: { cookie: '__Host-orgn_session=x' } }),
  },
  { code: 'invalid_api_key', by: 'a wrong form', provoke: () => chat({}, bearer('sk-other-1')) },
  {
    code: 'invalid_api_key',
    by: 'a wrong checksum',
    provoke: () => chat({}, bearer('sk-ollm-aaaaaaaaaaaaaaaaaaaaaaaaa0ecfgze')),
  },
  {
    code: 'invalid_api_key',
    by: 'an unknown key',
    provoke: () => chat({}, bearer('sk-ollm-aaaaaaaaaaaaaaaaaaaaaaaaa0ecfgzd')),
  },
  {
    code: 'invalid_api_key',
    by: 'a key in the URL',
    provoke: () => post(`/v1/chat/completions?key=${stack.file.demo.key}`, hello),
  },
  { code: 'key_revoked', by: 'a revoked key', provoke: revoked },
  { code: 'key_disabled', by: 'a disabled key', provoke: disabled },
  { code: 'key_expired', by: 'an expired key', provoke: expired },
  { code: 'team_suspended', by: 'a suspended team', provoke: suspended },
  { code: 'ip_not_allowed', by: 'another network', provoke: () => under({ ipAllowList: ['192.0.2.0/24'] }) },
  {
    code: 'model_not_allowed',
    by: "the key's list",
    param: 'model',
    provoke: () => under({ models: ['vercel_gpt_4o'] }),
  },
  {
    code: 'execution_policy',
    by: "the key's policy",
    param: 'model',
    provoke: () => under({ executionPolicy: 'tee_only' }, { model: 'vercel_gpt_4o' }),
  },
  {
    code: 'execution_policy',
    by: 'a header',
    param: 'x-ollm-require',
    provoke: () => chat({ model: 'vercel_gpt_4o' }, { 'x-ollm-require': 'tee' }),
  },
  {
    code: 'execution_policy',
    by: 'a weaker fallback',
    param: 'models[0]',
    provoke: () => chat({ models: ['vercel_gpt_4o'] }),
  },
  { code: 'model_not_found', by: 'an unknown id', param: 'model', provoke: () => chat({ model: 'near/GLM-4.7' }) },
  {
    code: 'capability_not_supported',
    by: 'an embedding model',
    param: 'model',
    provoke: () => chat({ model: 'vercel_text_embedding_3_small' }),
  },
  { code: 'not_found', by: 'an unknown path', provoke: () => post('/v1/nowhere', hello) },
  { code: 'method_not_allowed', by: 'a wrong method', provoke: () => fetch(`${stack.file.api}/v1/chat/completions`) },
  {
    code: 'invalid_request',
    by: 'a value out of range',
    param: 'temperature',
    provoke: () => chat({ temperature: 9 }),
  },
  { code: 'invalid_request', by: 'broken JSON', provoke: () => post('/v1/chat/completions', '{"model":') },
  {
    code: 'invalid_request',
    by: 'a field twice',
    param: 'model',
    provoke: () => post('/v1/chat/completions', '{"model":"a","model":"b"}'),
  },
  {
    code: 'invalid_request',
    by: 'an unknown demand',
    param: 'x-ollm-require',
    provoke: () => chat({}, { 'x-ollm-require': 'zdr' }),
  },
  { code: 'invalid_request', by: 'retention', param: 'store', provoke: () => chat({ store: true }) },
  { code: 'unknown_parameter', by: 'a name near a deciding one', param: 'Model', provoke: () => chat({ Model: 'x' }) },
  {
    code: 'unknown_parameter',
    by: 'an unknown field of a strict caller',
    param: 'surprise',
    provoke: () => chat({ surprise: 1 }, { 'x-ollm-strict': 'true' }),
  },
  {
    code: 'not_supported_zero_retention',
    by: 'a kept response',
    provoke: () => fetch(`${stack.file.api}/v1/responses/resp_1`, { headers: bearer(stack.file.demo.key) }),
  },
  { code: 'request_too_large', by: 'a large body', provoke: () => post('/v1/chat/completions', ' '.repeat(100_001)) },
  { code: 'request_timeout', by: 'a slow body', provoke: slowly },
  { code: 'rate_limit_exceeded', by: 'too many streams', provoke: secondStream },
  {
    code: 'rate_limit_exceeded',
    by: "the provider's limit",
    provoke: failing('near', { status: 429, retryAfter: 7 }, 'near_qwen3_30b'),
  },
  {
    code: 'idempotency_in_progress',
    by: 'a running request',
    param: 'idempotency-key',
    provoke: async () => {
      await stack.control('near', { delayMs: 1_500 });
      return named({}, true);
    },
  },
  {
    code: 'idempotency_completed',
    by: 'an ended request',
    param: 'idempotency-key',
    provoke: () => named({}, false),
  },
  {
    code: 'idempotency_mismatch',
    by: 'another body',
    param: 'idempotency-key',
    provoke: () => named({ seed: 1 }, false),
  },
  {
    code: 'provider_error',
    by: "the provider's 422",
    shown: { status: 422, code: 'invalid_request' },
    provoke: failing('near', { status: 422 }, 'near_qwen3_30b'),
  },
  {
    code: 'provider_unavailable',
    by: 'a failing provider',
    provoke: failing('near', { status: 500 }, 'near_qwen3_30b'),
  },
  {
    code: 'provider_unavailable',
    by: 'refused credentials',
    provoke: failing('phala', { status: 401 }, 'phala_deepseek_r1'),
  },
  { code: 'provider_timeout', by: 'a late provider', provoke: failing('phala', { status: 504 }, 'phala_deepseek_r1') },
  { code: 'zdr_unavailable', by: 'no provider without retention', provoke: () => chat({ model: 'vercel_no_zdr' }) },
  { code: 'service_unavailable', by: 'a registry that is silent', provoke: unreachable },
];

/** What belongs to each status, and to no other. */
function expectHeaders({ status, headers }: Response): void {
  expect(headers.get('www-authenticate')).toBe(status === 401 ? 'Bearer' : null);
  expect(headers.get('allow')).toBe(status === 405 ? 'POST' : null);
  const isTransient = status === 429 || status === 503;
  expect(Number(headers.get('retry-after'))).toBeGreaterThanOrEqual(isTransient ? 1 : 0);
  expect(headers.get('x-should-retry')).toBe(String(isTransient || status === 408 || status >= 500));
}

beforeAll(async () => {
  const models = join(scratch, 'models.yaml');
  writeFileSync(models, readFileSync(new URL('../../models.yaml', import.meta.url), 'utf8') + noZdr);
  Object.assign(process.env, settings, { MODELS_FILE: models });
  await stack.start('--gateways', '3');
  const { demo } = stack.file;
  bus = await connectStackBus(stack.file.bus);
  teamId = demo.teamId as TeamId;
});
afterEach(async () => {
  for (const provider of ['near', 'phala', 'vercel']) await stack.control(provider, {});
});
afterAll(() => stack.remove());
afterAll(() => bus.connection.close());
afterAll(() => rmSync(scratch, { recursive: true }));

describe('an idempotency key', () => {
  test('runs one of many at once, whichever gateway gets them', async () => {
    const name = { 'idempotency-key': 'errors-race' };
    const before = (await stack.received('near')).requests;
    const sent = Array.from({ length: 12 }, (_, index) =>
      stack.chat(hello, { api: stack.file.gateways[index % stack.file.gateways.length]!, headers: name }),
    );
    const answers = await Promise.all(sent);
    await Promise.all(answers.map((answer) => answer.arrayBuffer()));
    const statuses = answers.map(({ status }) => status).sort();
    expect(statuses).toEqual([200, ...Array.from({ length: 11 }, () => 409)]);
    expect((await stack.received('near')).requests).toBe(before + 1);
  });
});

describe('the documented error', () => {
  test.each(rows)('$code leaves as documented, provoked by $by', async ({ code, provoke, param, shown }) => {
    const response = await provoke();
    const { status, type } = { ...errorTable[code], ...shown };
    const { error } = (await response.json()) as { error: Record<string, unknown> };
    expect({ status: response.status, ...error }).toMatchObject({
      status,
      code: shown?.code ?? code,
      param: param ?? null,
    });
    if (code !== 'provider_error') expect(error.type).toBe(type);
    expect(error.message).toMatch(/^\w.{10,}[.?]$/);
    expect(error.request_id).toBe(response.headers.get('x-request-id'));
    expect(response.headers.get('content-type')).toMatch(/^application\/json/);
    expectHeaders(response);
    provoked.add(code);
  });

  test('tells Anthropic’s SDK in its own words that there are no threads', async () => {
    const response = await post('/v1/messages', { ...hello, max_tokens: 9, thread: { type: 'create' } });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      error: { details: { error_code: 'thread_unsupported_request', unsupported: ['thread'] } },
    });
    provoked.add('thread_unsupported_request');
  });

  test('upgrade_refused leaves as documented, provoked by a websocket, which fetch cannot ask for', async () => {
    const sent = request(`${stack.file.api}/v1/responses`, {
      headers: { ...bearer(stack.file.demo.key), connection: 'upgrade', upgrade: 'websocket' },
    }).end();
    const [response] = (await once(sent, 'response')) as [IncomingMessage];
    expect(response.statusCode).toBe(errorTable.upgrade_refused.status);
    expect(await json(response)).toMatchObject({ error: { code: 'upgrade_refused' } });
    provoked.add('upgrade_refused');
  });

  test('is one of these, or cannot be met at the API', () => {
    expect([...provoked, ...elsewhere].sort()).toEqual([...errorCodes].sort());
  });

  test('tells the same to Anthropic clients in their envelope', async () => {
    const answers = await Promise.all([
      post('/v1/messages', { ...hello, max_tokens: 9 }, { authorization: 'Bearer x' }),
      post('/v1/messages', { ...hello, max_tokens: 9, model: 'nothing' }),
      post('/v1/messages', { ...hello }),
      fetch(`${stack.file.api}/v1/messages`),
    ]);
    const bodies = (await Promise.all(answers.map((answer) => answer.json()))) as { error: { type: string } }[];
    expect(answers.map(({ status }) => status)).toEqual([401, 404, 400, 405]);
    expect(bodies.map(({ error }) => error.type)).toEqual([
      'authentication_error',
      'not_found_error',
      'invalid_request_error',
      'invalid_request_error',
    ]);
  });
});
