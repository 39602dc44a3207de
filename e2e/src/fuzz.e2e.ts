import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { eventually, Stack } from './stack.ts';

// Requests that are right, nearly right and nonsense. Whatever is sent: a clear answer in time, no failure of ours, and
// a usage row for whatever ran.

const isLong = process.env.TEST_LONG === '1';
const RUNS = isLong ? 10_000 : 1_000;
const AT_ONCE = 8;
const SLOW_MS = 15_000;

const stack = new Stack();

beforeAll(() => stack.start());
afterAll(() => stack.remove());

interface Sent {
  method: string;
  path: string;
  headers: Record<string, string>;
  body: Uint8Array;
}

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom('Hello', '', '[[echo:x]]', '\u0000'),
);
const anyModel = fc.constantFrom(
  'near_qwen3_30b',
  'phala_deepseek_r1',
  'vercel_gpt_4o',
  'vercel_text_embedding_3_small',
  'vercel_rerank_2_5',
);
/** Mostly one that can do it. */
const modelLike = (id: string) =>
  fc.oneof({ weight: 9, arbitrary: fc.constant(id) }, { weight: 1, arbitrary: anyModel });
const model = modelLike('near_qwen3_30b');
const messages = fc.array(fc.record({ role: fc.constantFrom('user', 'system', 'assistant'), content: text }), {
  minLength: 1,
  maxLength: 3,
});
const limits = { max_tokens: fc.constantFrom(1, 20), stream: fc.boolean() };
const requests: [string, fc.Arbitrary<object>][] = [
  [
    '/v1/chat/completions',
    fc.record(
      { model, messages, ...limits, n: fc.constantFrom(1, 2), usage: fc.record({ include: fc.boolean() }) },
      { requiredKeys: ['model', 'messages'] },
    ),
  ],
  ['/v1/completions', fc.record({ model, prompt: text, ...limits }, { requiredKeys: ['model', 'prompt'] })],
  [
    '/v1/embeddings',
    fc.record({
      model: modelLike('vercel_text_embedding_3_small'),
      input: fc.oneof(text, fc.array(text), fc.array(fc.nat())),
    }),
  ],
  [
    '/v1/rerank',
    fc.record({
      model: modelLike('vercel_rerank_2_5'),
      query: text,
      documents: fc.array(text, { minLength: 1, maxLength: 4 }),
    }),
  ],
  [
    '/v1/responses',
    fc.record({ model, input: fc.oneof(text, messages), stream: fc.boolean() }, { requiredKeys: ['model', 'input'] }),
  ],
  ['/v1/messages', fc.record({ model, messages, ...limits }, { requiredKeys: ['model', 'messages', 'max_tokens'] })],
  ['/v1/messages/count_tokens', fc.record({ model, messages })],
];

/** Changes to the bytes of a request: none, a bit, a cut, a piece twice, or a member of any kind put in front. */
const mutation = fc.oneof(
  { weight: 5, arbitrary: fc.constant((bytes: Buffer) => bytes) },
  {
    weight: 2,
    arbitrary: fc.tuple(fc.nat(), fc.integer({ min: 1, max: 255 })).map(([at, flip]) => (bytes: Buffer) => {
      const changed = Buffer.from(bytes);
      if (changed.length > 0) changed[at % changed.length]! ^= flip;
      return changed;
    }),
  },
  { weight: 1, arbitrary: fc.nat().map((at) => (bytes: Buffer) => bytes.subarray(0, at % (bytes.length + 1))) },
  {
    weight: 1,
    arbitrary: fc.tuple(fc.nat(), fc.nat(50)).map(([at, length]) => (bytes: Buffer) => {
      const start = at % (bytes.length + 1);
      return Buffer.concat([bytes.subarray(0, start + length), bytes.subarray(start)]);
    }),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(
        fc.constantFrom(
          'model',
          'messages',
          'input',
          'stream',
          'max_tokens',
          'tools',
          'store',
          'temperature',
          'models',
          'x',
        ),
        fc.jsonValue(),
      )
      .map(
        ([name, value]) =>
          (bytes: Buffer) =>
            Buffer.concat([Buffer.from(`{${JSON.stringify(name)}:${JSON.stringify(value)},`), bytes.subarray(1)]),
      ),
  },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 60 }).map((noise) => () => Buffer.from(noise)) },
);
const odd = fc.record(
  {
    'content-type': fc.constantFrom(
      'application/json',
      'text/plain',
      'multipart/form-data',
      'multipart/form-data; boundary=x',
      'application/json; charset=utf-8',
    ),
    'x-ollm-require': fc.constantFrom('tee', 'zdr', ''),
    'x-ollm-raw': fc.constantFrom('true', 'false', 'yes'),
    'idempotency-key': fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 12 }).map((value) => value.trim()),
    accept: fc.constantFrom('text/event-stream', '*/*'),
  },
  { requiredKeys: [] },
);
const wellMeant = fc.constantFrom(...requests).chain(([path, request]) =>
  fc.record({
    path: fc.constant(path),
    method: fc.constant('POST'),
    request,
    mutation,
    headers: fc.oneof({ weight: 3, arbitrary: fc.constant({}) }, { weight: 1, arbitrary: odd }),
  }),
);
const astray = fc.record({
  path: fc.oneof(
    fc.webPath(),
    fc.constantFrom(
      '/v1/models',
      '/v1/models/near/GLM-4.7',
      '/v1/key',
      '/v1/responses/x',
      '/v1/audio/transcriptions',
      '/v1//chat/completions',
      '/%2e%2e/',
      '/v1/models?allow_tee=',
    ),
  ),
  method: fc.constantFrom('GET', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'HEAD', 'PATCH'),
  request: fc.constant({}),
  mutation,
  headers: odd,
});
const anything: fc.Arbitrary<Sent> = fc
  .oneof({ weight: 6, arbitrary: wellMeant }, { weight: 1, arbitrary: astray })
  .map(({ path, method, request, mutation, headers }) => ({
    path,
    method,
    headers: headers,
    body: mutation(Buffer.from(JSON.stringify(request))),
  }));

/** What a caller saw; what is not as promised is named. */
interface Seen {
  status: number;
  requestId: string | null;
  fault?: string;
}

async function send({ method, path, headers, body }: Sent): Promise<Seen> {
  const hasBody = method !== 'GET' && method !== 'HEAD' && method !== 'OPTIONS';
  const response = await fetch(`${stack.file.api}${path}`, {
    method,
    headers: { authorization: `Bearer ${stack.file.demo.key}`, 'content-type': 'application/json', ...headers },
    ...(hasBody && { body: Buffer.from(body) }),
    signal: AbortSignal.timeout(SLOW_MS),
  });
  const said = await response.text();
  const requestId = response.headers.get('x-request-id');
  const fault = faultOf(response, said, method);
  return { status: response.status, requestId, ...(fault && { fault }) };
}

function faultOf({ status, headers }: Response, said: string, method: string): string | undefined {
  if (!headers.get('x-request-id')) return 'no request id';
  if (status >= 500) return `a failure of ours: ${said}`;
  if (status < 400 || method === 'HEAD') return undefined;
  const { error } = JSON.parse(said) as { error?: { message?: string } };
  return error?.message ? undefined : 'an error without a message';
}

test(
  'no request brings anything down: each is answered in time and clearly, and whatever ran has its usage row',
  async () => {
    const pids = stack.file.processes.map(({ pid }) => pid);
    const seed = Date.now() % 1_000_000;
    const queue = fc.sample(anything, { numRuns: RUNS, seed });
    const ran: string[] = [];
    const statuses = new Map<number, number>();
    const work = async (): Promise<void> => {
      for (let sent = queue.pop(); sent; sent = queue.pop()) {
        const seen = await send(sent).catch((error: unknown) => ({ status: 0, requestId: null, fault: String(error) }));
        const shown = { ...sent, body: Buffer.from(sent.body).toString('latin1') };
        expect({ seed, sent: shown, fault: seen.fault }).toEqual({ seed, sent: shown, fault: undefined });
        statuses.set(seen.status, (statuses.get(seen.status) ?? 0) + 1);
        const isRun = requests.some(([path]) => path === sent.path && path !== '/v1/messages/count_tokens');
        if (seen.status === 200 && sent.method === 'POST' && isRun) ran.push(seen.requestId!);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    process.stdout.write(`\nfuzz (seed ${seed}): ${JSON.stringify(Object.fromEntries(statuses))}, ${ran.length} ran\n`);
    expect(ran.length).toBeGreaterThan(RUNS / 20);
    expect(statuses.get(400)).toBeGreaterThan(RUNS / 10);
    await eventually(async () => {
      const known = new Set((await stack.usage()).map(({ requestId }) => requestId));
      expect(ran.filter((id) => !known.has(id))).toEqual([]);
    }, 60_000);
    expect(stack.file.processes.map(({ pid }) => pid)).toEqual(pids);
  },
  isLong ? 900_000 : 90_000,
);
