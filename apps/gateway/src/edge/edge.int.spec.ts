import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { EdgeStage, type Posted } from '@orgn/testing';
import { makeKey, makeWord } from '../authentication/make.ts';
import { makeModel } from '../models/make.ts';
import { gateway } from '../service.ts';

const key = makeKey();
const models = [
  makeModel(),
  makeModel({ id: 'phala_glm_4_6', provider: 'phala', capabilities: ['chat'] }),
  makeModel({ id: 'vercel_gpt_4o', provider: 'vercel', execution: 'zdr', capabilities: ['chat'] }),
  makeModel({
    id: 'vercel_embed',
    provider: 'vercel',
    execution: 'zdr',
    type: 'embedding',
    capabilities: ['embeddings'],
  }),
  makeModel({ id: 'vercel_rerank', provider: 'vercel', execution: 'zdr', type: 'rerank', capabilities: ['rerank'] }),
  makeModel({
    id: 'local_whisper',
    provider: 'local',
    execution: 'operator',
    type: 'transcription',
    capabilities: ['transcription'],
  }),
];
const messages = [{ role: 'user', content: 'Hi' }];
const requests = {
  '/v1/chat/completions': { model: 'near_qwen3_30b', messages },
  '/v1/completions': { model: 'near_qwen3_30b', prompt: 'Hi' },
  '/v1/embeddings': { model: 'vercel_embed', input: 'Hi' },
  '/v1/rerank': { model: 'vercel_rerank', query: 'Hi', documents: ['a', 'b'] },
  '/v1/responses': { model: 'near_qwen3_30b', input: 'Hi' },
  '/v1/messages': { model: 'near_qwen3_30b', max_tokens: 9, messages },
};
type Path = keyof typeof requests;
const paths = Object.keys(requests) as Path[];

let stage: EdgeStage;
let api: string;
let ops: string;
let open: string;
let last: Posted | undefined;

const send = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  fetch(`${api}${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key.raw}`, 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
const get = (path: string, init: RequestInit = {}) =>
  fetch(`${api}${path}`, { headers: { authorization: `Bearer ${key.raw}` }, ...init });
const refusal = async (sent: Promise<Response>) => {
  const response = await sent;
  const { error } = (await response.json()) as { error: { code: string; param: string | null; message: string } };
  return { status: response.status, ...error };
};

beforeAll(async () => {
  stage = await EdgeStage.open(models);
  stage.know(key.digest, makeWord());
  stage.answer = (posted) => {
    last = posted;
    posted.response
      .writeHead(200, { 'content-type': 'application/json', 'x-ollm-execution': 'tee', 'x-secret': 'no' })
      .end('{"ok":true}');
  };
  ({ api, ops } = await stage.start(gateway));
  open = (await stage.start(gateway, { CORS_ORIGINS: 'https://app.example.com,http://localhost:3000' })).api;
});
afterAll(() => stage.close());

describe('every endpoint', () => {
  test.each(paths)('%s carries the exact bytes to the same path, and says where the time went', async (path) => {
    const response = await send(path, requests[path]);
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ ok: true });
    expect(last).toMatchObject({ path, body: Buffer.from(JSON.stringify(requests[path])) });
    expect(JSON.stringify(last?.headers)).not.toContain(key.raw);
    expect(response.headers.get('x-ollm-execution')).toBe('tee');
    expect(response.headers.get('x-secret')).toBeNull();
    expect(response.headers.get('server-timing')).toMatch(/^body;dur=[\d.]+, verify;dur=[\d.]+, route;dur=[\d.]+$/);
  });

  test('carries a form with its boundary', async () => {
    const form = new FormData();
    form.set('model', 'local_whisper');
    form.set('file', new Blob(['RIFF']), 'speech.wav');
    const sent = new Request(`${api}/v1/audio/transcriptions`, { method: 'POST', body: form });
    const response = await fetch(sent.url, {
      method: 'POST',
      headers: { authorization: `Bearer ${key.raw}`, 'content-type': sent.headers.get('content-type')! },
      body: await sent.arrayBuffer(),
    });
    expect(response.status).toBe(200);
    expect(last?.headers['content-type']).toMatch(/^multipart\/form-data; *boundary=/);
    expect(last?.body.toString()).toContain('RIFF');
  });

  test('leaves the unknown fields of a form out, and says so', async () => {
    const form = new FormData();
    for (const [name, value] of Object.entries({ model: 'local_whisper', vad_filter: 'true', 'x.y[]': 'z' }))
      form.set(name, value);
    form.set('file', new Blob(['RIFF']), 'speech.wav');
    const sendForm = (headers: Record<string, string>) =>
      fetch(`${api}/v1/audio/transcriptions`, {
        method: 'POST',
        headers: { authorization: `Bearer ${key.raw}`, ...headers },
        body: form,
      });
    const response = await sendForm({});
    expect([response.status, response.headers.get('x-ollm-dropped')]).toEqual([200, 'vad_filter, +1']);
    const names = [...last!.body.toString().matchAll(/; name="([^"]*)"/g)].map(([, name]) => name);
    expect(names).toEqual(['model', 'file']);
    expect(last!.headers['content-type']).toContain(last!.body.toString('latin1', 2, 40));
    expect(await refusal(sendForm({ 'x-ollm-strict': 'true' }))).toMatchObject({ code: 'unknown_parameter' });
  });

  test('what is dropped is counted by name where the name is ours, and never by a caller’s', async () => {
    const request = { ...requests['/v1/chat/completions'], client_metadata: {}, 'a-caller-wrote-this': 1 };
    expect((await send('/v1/chat/completions', request)).status).toBe(200);
    const metrics = await (await fetch(`${ops}/metrics`)).text();
    expect(metrics).toMatch(/orgn_edge_dropped_total\{[^}]*name="client_metadata"/);
    expect(metrics).toMatch(/orgn_edge_dropped_total\{[^}]*name="unknown"/);
    expect(metrics).not.toContain('a-caller-wrote-this');
  });

  test.each(paths)(
    '%s drops an unknown field, and refuses it for a strict caller, a model that cannot do it, and one that is not there',
    async (path) => {
      const request = requests[path];
      const lenient = await send(path, { surprise: 1, ...request });
      expect([lenient.status, lenient.headers.get('x-ollm-dropped')]).toEqual([200, 'surprise']);
      expect(last?.body.toString()).toBe(JSON.stringify(request));
      expect(await refusalOf(path, { ...request, surprise: 1 }, { 'x-ollm-strict': 'true' })).toMatchObject({
        status: 400,
        code: 'unknown_parameter',
        param: 'surprise',
      });
      const incapable = path === '/v1/embeddings' ? 'near_qwen3_30b' : 'vercel_embed';
      const refused = await refusalOf(path, { ...request, model: incapable });
      expect(refused).toMatchObject({ status: 400, code: 'capability_not_supported', param: 'model' });
      expect(refused.message).toContain(request.model);
      const unknown = await refusalOf(path, { ...request, model: 'near/Qwen3-30B' });
      expect(unknown).toMatchObject({ status: 404, code: 'model_not_found', param: 'model' });
      expect(unknown.message).toContain('near_qwen3_30b');
    },
  );

  const refusalOf = async (path: Path, body: unknown, headers: Record<string, string> = {}) => {
    const response = await send(path, body, headers);
    const { error } = (await response.json()) as { error: { code: string; message: string; param: string | null } };
    if (path !== '/v1/messages') return { status: response.status, ...error };
    const { details } = error as unknown as { details: { error_code: string; param: string | null } };
    return { status: response.status, code: details.error_code, param: details.param, message: error.message };
  };
});

describe('Anthropic endpoints', () => {
  const anthropic = (path: string, body: unknown, headers: Record<string, string>) =>
    fetch(`${api}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
  const request = requests['/v1/messages'];

  test('take x-api-key, or a bearer token, but not two different keys', async () => {
    expect((await anthropic('/v1/messages', request, { 'x-api-key': key.raw })).status).toBe(200);
    expect((await anthropic('/v1/messages', request, { 'x-api-key': key.raw, authorization: 'Bearer ' })).status).toBe(
      200,
    );
    const both = { 'x-api-key': key.raw, authorization: `Bearer ${key.raw}` };
    expect((await anthropic('/v1/messages', request, both)).status).toBe(200);
    expect((await anthropic('/v1/messages', request, { ...both, 'x-api-key': makeKey().raw })).status).toBe(401);
    expect(
      (await anthropic('/v1/chat/completions', requests['/v1/chat/completions'], { 'x-api-key': key.raw })).status,
    ).toBe(200);
  });

  test.each([
    ['/v1/messages', {}, 401, 'authentication_error'],
    ['/v1/messages', { 'x-api-key': makeKey().raw }, 401, 'authentication_error'],
    ['/v1/messages', { 'x-api-key': key.raw, 'content-encoding': 'gzip' }, 400, 'invalid_request_error'],
    ['/v1/messages/nowhere', { 'x-api-key': key.raw }, 404, 'not_found_error'],
  ])('answer every failure in their envelope: %s %j', async (path, headers, status, type) => {
    const response = await anthropic(path, request, headers);
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({
      type: 'error',
      error: { type },
      request_id: response.headers.get('x-request-id'),
    });
  });

  test('count tokens without a provider', async () => {
    const { model } = request;
    const before = stage.posted;
    const response = await anthropic('/v1/messages/count_tokens', { model, messages }, { 'x-api-key': key.raw });
    expect(await response.json()).toEqual({ input_tokens: expect.any(Number), input_tokens_bound: expect.any(Number) });
    expect(stage.posted).toBe(before);
    expect(
      (await anthropic('/v1/messages/count_tokens', { model, messages }, { 'x-api-key': makeKey().raw })).status,
    ).toBe(401);
  });
});

describe('responses of earlier requests', () => {
  test.each([
    ['GET', ''],
    ['DELETE', ''],
    ['GET', '/input_items'],
    ['POST', '/cancel'],
  ])('are not there: %s %s says why', async (method, rest) => {
    expect(await refusal(get(`/v1/responses/resp_1${rest}`, { method }))).toMatchObject({
      status: 400,
      code: 'not_supported_zero_retention',
    });
  });
});

describe('what is demanded', () => {
  const chat = requests['/v1/chat/completions'];
  const zdr = { ...chat, model: 'vercel_gpt_4o' };

  test('a TEE: refused where the model, or a fallback, does not run in one', async () => {
    const tee = { 'x-ollm-require': 'tee' };
    expect((await send('/v1/chat/completions', chat, tee)).status).toBe(200);
    expect(await refusal(send('/v1/chat/completions', zdr, tee))).toMatchObject({
      status: 403,
      code: 'execution_policy',
    });
    expect(await refusal(send('/v1/chat/completions', zdr, { 'x-ollm-require': 'zdr' }))).toMatchObject({
      status: 400,
      code: 'invalid_request',
      param: 'x-ollm-require',
    });
  });

  test('fallbacks: as strong as the model itself, and all of them allowed', async () => {
    const ask = (model: string, fallbacks: string[]) =>
      send('/v1/chat/completions', { ...chat, model, models: fallbacks });
    expect((await ask('near_qwen3_30b', ['phala_glm_4_6'])).status).toBe(200);
    expect((await ask('vercel_gpt_4o', ['phala_glm_4_6'])).status).toBe(200);
    expect(await refusal(ask('near_qwen3_30b', ['vercel_gpt_4o']))).toMatchObject({
      status: 403,
      code: 'execution_policy',
      param: 'models[0]',
    });
    expect(await refusal(ask('near_qwen3_30b', ['phala_glm_4_6', 'nothing']))).toMatchObject({
      status: 404,
      param: 'models[1]',
    });
    const limited = makeKey();
    stage.know(limited.digest, makeWord({ models: ['near_qwen3_30b'] }));
    const sent = send(
      '/v1/chat/completions',
      { ...chat, models: ['phala_glm_4_6'] },
      { authorization: `Bearer ${limited.raw}` },
    );
    expect(await refusal(sent)).toMatchObject({ status: 403, code: 'model_not_allowed' });
  });
});

describe('paths and methods', () => {
  test('that are not there are told so before anything else', async () => {
    expect(await refusal(fetch(`${api}/nowhere`))).toMatchObject({ status: 404, code: 'not_found' });
    expect(await refusal(fetch(`${api}/metrics`))).toMatchObject({ status: 404, code: 'not_found' });
    expect(await refusal(fetch(`${api}/v1/models/%zz`))).toMatchObject({ status: 400, code: 'invalid_request' });
    const response = await fetch(`${api}/v1/embeddings`, { method: 'PUT', body: 'x' });
    expect(response.headers.get('allow')).toBe('POST');
    expect(await refusal(Promise.resolve(response))).toMatchObject({ status: 405, code: 'method_not_allowed' });
  });

  test('OPTIONS tells what there is, HEAD answers like GET without a body', async () => {
    const options = await fetch(`${api}/v1/models`, { method: 'OPTIONS' });
    expect([options.status, options.headers.get('allow')]).toEqual([204, 'GET, HEAD']);
    expect((await fetch(`${api}/nowhere`, { method: 'OPTIONS' })).status).toBe(404);
    const head = await get('/v1/models', { method: 'HEAD' });
    expect([head.status, await head.text()]).toEqual([200, '']);
    expect((await fetch(`${api}/v1/models`, { method: 'HEAD' })).status).toBe(401);
  });
});

describe('pages of other origins', () => {
  const preflight = (base: string, origin: string) =>
    fetch(`${base}/v1/chat/completions`, {
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': 'POST' },
    });
  const allowed = (response: Response) => response.headers.get('access-control-allow-origin');

  test('get nothing unless their origin is listed', async () => {
    expect(allowed(await preflight(api, 'https://app.example.com'))).toBeNull();
    expect(allowed(await preflight(open, 'https://app.example.com.evil'))).toBeNull();
    const granted = await preflight(open, 'https://app.example.com');
    expect(granted.status).toBe(204);
    expect(allowed(granted)).toBe('https://app.example.com');
    expect(granted.headers.get('access-control-allow-methods')).toBe('POST');
    expect(granted.headers.get('access-control-allow-headers')).toContain('authorization');
    expect(granted.headers.get('vary')).toBe('origin');
  });

  test('may read answers and errors alike, and our headers', async () => {
    const origin = 'http://localhost:3000';
    const answered = await fetch(`${open}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key.raw}`, 'content-type': 'application/json', origin },
      body: JSON.stringify(requests['/v1/chat/completions']),
    });
    expect([answered.status, allowed(answered)]).toEqual([200, origin]);
    const exposed = answered.headers.get('access-control-expose-headers');
    for (const name of ['x-ollm-execution', 'x-ollm-dropped', 'x-ollm-max-tokens']) expect(exposed).toContain(name);
    const refused = await fetch(`${open}/v1/models`, { headers: { origin } });
    expect([refused.status, allowed(refused)]).toEqual([401, origin]);
  });
});

describe('addresses', () => {
  test.each([
    ['POST', '/messages', '/v1/messages'],
    ['POST', '/chat/completions', '/v1/chat/completions'],
    ['POST', '/v1/v1/chat/completions', '/v1/chat/completions'],
    ['POST', '//v1/messages', '/v1/messages'],
    ['POST', '/openai/v1/responses', '/v1/responses'],
    ['GET', '/api/v1/models', '/v1/models'],
    ['POST', '/v1/v2/rerank', '/v2/rerank'],
    ['POST', '/v1/responses/compact', 'retains nothing'],
    ['GET', '/v1/files', 'POST /v1/chat/completions'],
  ])('%s %s is told of %s', async (method, path, said) => {
    const response = await fetch(`${api}${path}`, { method, headers: { authorization: `Bearer ${key.raw}` } });
    expect(response.status).toBe(404);
    expect(JSON.stringify(await response.json())).toContain(said);
  });

  test('a websocket is refused with 426', async () => {
    const { hostname, port } = new URL(api);
    const socket = connect(Number(port), hostname);
    socket.write(
      `GET /v1/responses HTTP/1.1\r\nhost: edge\r\nauthorization: Bearer ${key.raw}\r\nconnection: upgrade\r\n` +
        'upgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n',
    );
    const [answer] = (await once(socket, 'data')) as [Buffer];
    expect(answer.toString()).toMatch(/^HTTP\/1\.1 426 /);
    socket.destroy();
  });

  test("Cohere's second rerank runs as the first", async () => {
    const response = await send('/v2/rerank', requests['/v1/rerank']);
    expect([response.status, last?.path]).toEqual([200, '/v1/rerank']);
  });

  test('input_tokens of responses are counted without a provider', async () => {
    const before = stage.posted;
    const response = await send('/v1/responses/input_tokens', { model: 'near_qwen3_30b', input: 'Hi' });
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({
      object: 'response.input_tokens',
      input_tokens: expect.any(Number),
      input_tokens_bound: expect.any(Number),
    });
    expect(stage.posted).toBe(before);
  });

  test("a response's body at the chat endpoint is told its way", async () => {
    const refused = await refusal(send('/v1/chat/completions', { model: 'near_qwen3_30b', input: 'Hi' }));
    expect(refused).toMatchObject({ status: 400, param: 'messages' });
    expect(refused.message).toContain('send it to /v1/responses');
  });
});

describe('the model list', () => {
  const ids = async (query: string) =>
    ((await (await get(`/v1/models${query}`)).json()) as { data: { id: string }[] }).data.map(({ id }) => id);

  test('has what a client needs to choose', async () => {
    const { data } = (await (await get('/v1/models')).json()) as { data: object[] };
    expect(data[0]).toEqual({
      id: 'near_qwen3_30b',
      object: 'model',
      created: 1_767_225_600,
      owned_by: 'qwen',
      is_active: true,
      input_cost_per_token: 0.000001,
      output_cost_per_token: 0.000001,
      max_input_tokens: 8_192,
      max_output_tokens: 1_024,
      input_modalities: ['text'],
      output_modalities: ['text'],
      display_name: 'Qwen3 30B',
      execution: 'tee',
      provider: 'near',
      type: 'chat',
      capabilities: ['chat', 'completions', 'tools', 'json_schema'],
      default_output_tokens: 256,
      model_info: { pricing: { input: '1', output: '1' }, is_sample: true },
    });
  });

  test('leaves a tier out when told to, and takes true and false only', async () => {
    const tee = ['near_qwen3_30b', 'phala_glm_4_6'];
    const zdr = ['vercel_gpt_4o', 'vercel_embed', 'vercel_rerank'];
    const operator = ['local_whisper'];
    expect(await ids('?allow_tee=TRUE&allow_zdr=true')).toEqual([...tee, ...zdr, ...operator]);
    expect(await ids('?allow_tee=False')).toEqual([...zdr, ...operator]);
    expect(await ids('?allow_zdr=false')).toEqual([...tee, ...operator]);
    expect(await ids('?allow_zdr=false&allow_tee=false')).toEqual(operator);
    for (const value of ['allow_tee=', 'allow_tee', 'allow_tee=1', 'allow_tee=true&allow_tee=true'])
      expect(await refusal(get(`/v1/models?${value}`))).toMatchObject({ status: 400, param: 'allow_tee' });
  });

  test('answers for one model, also to ids of other gateways', async () => {
    expect(await (await get('/v1/models/near_qwen3_30b')).json()).toMatchObject({ id: 'near_qwen3_30b' });
    for (const id of ['near/Qwen3-30B', 'near%2FQwen3-30B', 'qwen3_30b']) {
      const refused = await refusal(get(`/v1/models/${id}`));
      expect(refused).toMatchObject({ status: 404, code: 'model_not_found' });
      expect(refused.message).toContain('near_qwen3_30b');
    }
  });

  test('shows only what the key may use', async () => {
    const limited = makeKey();
    stage.know(limited.digest, makeWord({ executionPolicy: 'tee_only', models: ['near_qwen3_30b', 'vercel_gpt_4o'] }));
    const response = await fetch(`${api}/v1/models`, { headers: { authorization: `Bearer ${limited.raw}` } });
    expect(await response.json()).toMatchObject({ data: [{ id: 'near_qwen3_30b' }] });
  });
});
