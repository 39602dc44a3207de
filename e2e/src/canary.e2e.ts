import { createHash, randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { dumpDatabase } from '@orgn/testing';
import { eventually, Stack, unbilled } from './stack.ts';

// What callers say and models answer is marked, sent through every endpoint whatever becomes of it, and then looked for
// in everything that the stack has written or tells.

/** What must be found: a search that finds nothing proves nothing. */
const CONTROL = 'control: the team, which is no secret';

const LARGEST_TEMPORARY_BYTES = 64 * 1024 * 1024;

const stack = new Stack(unbilled);
/** Markers that were sent, by the place where they were. */
const markers = new Map<string, string>();
/** A word that occurs nowhere else. Letters and digits only, so that no encoding hides it. */
const mark = (place: string): string => {
  const known = markers.get(place);
  if (known) return known;
  const marker = `canary${createHash('sha256').update(randomBytes(16)).digest('hex').slice(0, 20)}`;
  markers.set(place, marker);
  return marker;
};

interface Sending {
  path: string;
  body: (place: string) => unknown;
}

const tools = (place: string) => [
  {
    type: 'function',
    function: {
      name: 'look',
      description: mark(`${place} tool description`),
      parameters: { type: 'object', properties: { [mark(`${place} tool argument`)]: { type: 'string' } } },
    },
  },
];
const user = (place: string) => `${mark(`${place} prompt`)} [[echo:${mark(`${place} completion`)}]]`;
const history = (place: string) => [
  { role: 'system', content: mark(`${place} system`) },
  {
    role: 'assistant',
    content: null,
    tool_calls: [
      { id: 'c', type: 'function', function: { name: 'look', arguments: `{"a":"${mark(`${place} tool call`)}"}` } },
    ],
  },
  { role: 'tool', tool_call_id: 'c', content: mark(`${place} tool result`) },
  { role: 'user', content: user(place) },
];
const chat = (place: string) => ({
  model: 'near_qwen3_30b',
  messages: history(place),
  tools: tools(place),
  metadata: { label: mark(`${place} metadata`) },
  user: mark(`${place} user`),
});
const endpoints: Sending[] = [
  { path: '/v1/chat/completions', body: chat },
  { path: '/v1/chat/completions', body: (place) => ({ ...chat(place), stream: true }) },
  {
    path: '/v1/chat/completions',
    body: (place) => ({
      model: 'vercel_gpt_4o',
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: user(place) },
            { type: 'image_url', image_url: { url: `https://example.com/${mark(`${place} image`)}.png` } },
            {
              type: 'file',
              file: { file_data: `data:text/plain,${mark(`${place} file`)}`, filename: mark(`${place} file name`) },
            },
          ],
        },
      ],
    }),
  },
  { path: '/v1/completions', body: (place) => ({ model: 'near_qwen3_30b', prompt: user(place) }) },
  { path: '/v1/embeddings', body: (place) => ({ model: 'vercel_text_embedding_3_small', input: user(place) }) },
  {
    path: '/v1/rerank',
    body: (place) => ({ model: 'vercel_rerank_2_5', query: user(place), documents: [mark(`${place} document`), 'b'] }),
  },
  {
    path: '/v1/responses',
    body: (place) => ({ model: 'near_qwen3_30b', instructions: mark(`${place} instructions`), input: user(place) }),
  },
  { path: '/v1/responses', body: (place) => ({ model: 'near_qwen3_30b', input: user(place), stream: true }) },
  {
    path: '/v1/messages',
    body: (place) => ({ model: 'near_qwen3_30b', max_tokens: 50, messages: [{ role: 'user', content: user(place) }] }),
  },
  {
    path: '/v1/messages',
    body: (place) => ({
      model: 'near_qwen3_30b',
      max_tokens: 50,
      stream: true,
      messages: [{ role: 'user', content: user(place) }],
    }),
  },
  {
    path: '/v1/messages/count_tokens',
    body: (place) => ({ model: 'near_qwen3_30b', messages: [{ role: 'user', content: user(place) }] }),
  },
];

const headers = (place: string) => ({
  authorization: `Bearer ${stack.file.demo.key}`,
  'user-agent': mark(`${place} user agent`),
  'x-marked': mark(`${place} header`),
  cookie: `c=${mark(`${place} cookie`)}`,
  'idempotency-key': mark(`${place} idempotency key`),
  'openai-organization': mark(`${place} organization`),
});
const send = async (path: string, body: unknown, place: string, more: Record<string, string> = {}): Promise<number> => {
  try {
    const response = await fetch(`${stack.file.api}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers(place), ...more },
      body: typeof body === 'string' ? body : JSON.stringify(body),
      signal: AbortSignal.timeout(10_000),
    });
    await response.arrayBuffer();
    return response.status;
  } catch {
    return 0;
  }
};
const everywhere = (round: string): Promise<number[]> =>
  Promise.all(
    endpoints.map(({ path, body }, index) =>
      send(path, body(`${round} ${path} ${index}`), `${round} ${path} ${index}`),
    ),
  );
const transcribe = async (place: string): Promise<number> => {
  const form = new FormData();
  form.set('model', 'near_whisper_large_v3');
  form.set('prompt', mark(`${place} hint`));
  form.set('file', new Blob([`RIFF ${mark(`${place} audio`)}`]), `${mark(`${place} audio name`)}.wav`);
  const response = await fetch(`${stack.file.api}/v1/audio/transcriptions`, {
    method: 'POST',
    headers: headers(place),
    body: form,
  });
  await response.arrayBuffer();
  return response.status;
};
const refusals = async (): Promise<number[]> => {
  const place = 'refused';
  const ask = (changes: object, more: Record<string, string> = {}) =>
    send('/v1/chat/completions', { ...chat(place), ...changes }, place, more);
  return Promise.all([
    ask({ model: mark('model name') }),
    ask({ [mark('field name')]: 1 }, { 'x-ollm-strict': 'true' }),
    ask({ temperature: mark('value') }),
    ask({}, { authorization: `Bearer ${mark('key of a wrong form')}` }),
    ask({}, { 'content-type': `text/${mark('content type')}` }),
    ask({}, { 'x-ollm-require': mark('demand') }),
    send('/v1/chat/completions', `{"model":"${mark('malformed JSON')}`, place),
    send('/v1/chat/completions', `{"${mark('duplicate')}":1,"${mark('duplicate')}":2}`, place),
    send(`/v1/${mark('path')}?q=${mark('query')}`, {}, place),
    send(`/v1/models/%zz${mark('malformed path')}`, {}, place),
  ]);
};

/** What becomes of requests at providers. Errors quote what was asked, as real ones do. */
const failures = [
  { status: 400, quotes: true },
  { status: 429, quotes: true },
  { odd: ['error200'], quotes: true },
  { odd: ['errorsecond'], quotes: true },
  { odd: ['errorlate'], quotes: true },
  { status: 500, quotes: true },
  { malformedChunk: 0 },
  { cutAfterChunks: 2 },
];
const control = async (state: object) => {
  for (const provider of ['near', 'phala', 'vercel']) await stack.control(provider, state);
};
const healed = async () => {
  for (const model of ['near_qwen3_30b', 'vercel_gpt_4o'])
    expect((await stack.chat({ model, messages: [{ role: 'user', content: mark('healing') }] })).status).toBe(200);
};
/** Has every endpoint fail so. A provider that failed before must be asked again first, or nothing of it would be seen. */
const failing = async (state: object) => {
  await control({});
  await eventually(healed, 15_000);
  const asked = async () => [(await stack.received('near')).requests, (await stack.received('vercel')).requests];
  const [near, vercel] = await asked();
  await control(state);
  await everywhere(`failed ${JSON.stringify(state)}`);
  const [nearNow, vercelNow] = await asked();
  expect({ state, areAsked: nearNow! > near! && vercelNow! > vercel! }).toEqual({ state, areAsked: true });
};
/** The errors of the simulators do quote: the one that is passed on to the caller shows it. */
const quoted = async () => {
  await control({ status: 400, quotes: true });
  const response = await stack.chat(chat('quoted'));
  expect(response.status).toBe(400);
  expect(await response.text()).toContain(mark('quoted prompt'));
};

/** Everything a file holds that was marked. The two files that may hold the demo's key are searched for the rest. */
const found = new Map<string, string[]>();
const search = (where: string, content: Buffer | string): void => {
  const bytes = Buffer.isBuffer(content) ? content : Buffer.from(content);
  for (const [place, marker] of markers)
    if (bytes.includes(marker)) found.set(where, [...(found.get(where) ?? []), place]);
};
const filesIn = (dir: string): string[] =>
  readdirSync(dir, { withFileTypes: true }).flatMap((entry) => {
    const path = join(dir, entry.name);
    if (entry.isDirectory()) return filesIn(path);
    return entry.isFile() ? [path] : [];
  });
const read = (path: string): Buffer => {
  try {
    return readFileSync(path);
  } catch {
    // It was deleted meanwhile, and what is deleted is not kept.
    return Buffer.alloc(0);
  }
};

beforeAll(() => {
  stack.env.LOG_BATCH_SECONDS = '2';
  return stack.start();
});
afterAll(() => stack.remove());

test('nothing that was said, shown or answered is in any file, table, stream, metric or dump', async () => {
  const startedAt = Date.now();
  expect(new Set(await everywhere('answered'))).toEqual(new Set([200]));
  expect(await transcribe('answered')).toBe(200);
  expect(
    await send(
      '/v1/chat/completions',
      { ...chat('dropped'), [mark('dropped name')]: mark('dropped value') },
      'dropped',
    ),
  ).toBe(200);
  expect((await refusals()).every((status) => status >= 400 && status < 500)).toBe(true);
  await quoted();
  for (const state of failures) await failing(state);
  await control({});
  await eventually(healed, 15_000);
  await control({ delayMs: 300, chunkDelayMs: 100 });
  const cut = everywhere('crashed');
  await new Promise((resolve) => setTimeout(resolve, 400));
  process.kill(stack.file.processes.find(({ service }) => service === 'inference-router')!.pid, 'SIGKILL');
  await cut;
  await control({});
  await eventually(async () => expect(await send('/v1/chat/completions', chat('healed'), 'healed')).toBe(200));
  await eventually(async () => expect((await stack.usage()).length).toBeGreaterThan(20));

  markers.set(CONTROL, stack.file.demo.teamId);
  markers.set('demo key', stack.file.demo.key);
  markers.set('operator token', stack.file.opsToken);
  await searchDatabase();
  await searchReceipts();
  await searchMetrics();
  // What is settled leaves the stream at once: a word must still be in it when it is searched.
  const metering = stack.file.processes.find(({ service }) => service === 'usage-metering')!.pid;
  process.kill(metering, 'SIGSTOP');
  const unsettled = { model: 'near_qwen3_30b', messages: [{ role: 'user', content: mark('unsettled prompt') }] };
  expect((await stack.chat(unsettled)).status).toBe(200);
  searchFiles(startedAt);
  searchProcesses();
  process.kill(metering, 'SIGCONT');
  const controls = [...found].filter(([, places]) => places.includes(CONTROL)).map(([where]) => where);
  for (const kind of [/^table usage_metering\.usage_rows/, /pg_wal/, /jetstream/])
    expect(controls).toContainEqual(expect.stringMatching(kind));
  const leaks = [...found].map(([where, places]) => [where, places.filter((place) => place !== CONTROL)] as const);
  expect(leaks.filter(([, places]) => places.length > 0)).toEqual([]);
}, 150_000);

/** Rows as the database shows them; its files and write-ahead log are searched with all others, after a checkpoint. */
async function searchDatabase(): Promise<void> {
  const tables = await dumpDatabase(stack.file.postgresUrl);
  expect(tables.size).toBeGreaterThan(5);
  for (const [name, rows] of tables) search(`table ${name}`, rows);
}

/** Receipts and evidence are kept compressed: they are searched as their team gets them, and the log as anybody does. */
async function searchReceipts(): Promise<void> {
  const authorization = `Bearer ${stack.file.demo.key}`;
  const get = (path: string) => fetch(`${stack.file.api}${path}`, { headers: { authorization } });
  const rows = await stack.usage();
  const texts = await Promise.all(
    rows.map(async ({ requestId }) => (await get(`/v1/receipts/${requestId}/bundle`)).text()),
  );
  for (const [at, text] of texts.entries()) search(`receipt of request ${at}`, text);
  expect(texts.filter((text) => text.includes('"orgn-receipt-bundle/1"')).length).toBeGreaterThan(10);
  let head = '';
  await eventually(async () => {
    const answer = await get('/v1/transparency/checkpoint');
    expect(answer.status).toBe(200);
    head = await answer.text();
  });
  const size = Number(head.split('\n')[1]);
  const tile = size < 256 ? `000.p/${size}` : '000';
  for (const path of [`tile/0/${tile}`, `tile/entries/${tile}`]) {
    const answer = await get(`/v1/transparency/${path}`);
    expect(answer.status).toBe(200);
    search(path, Buffer.from(await answer.arrayBuffer()));
  }
  search('the head of the log', head);
}

async function searchMetrics(): Promise<void> {
  for (const { service, url } of stack.file.metrics)
    search(`metrics of ${service}`, await (await fetch(`${url}/metrics`)).text());
  for (const path of ['/status', '/health']) search(path, await (await fetch(`${stack.file.api}${path}`)).text());
}

/** All files of the stack, and what anybody put into the folder for temporary ones since. */
function searchFiles(since: number): void {
  const files = filesIn(stack.dir).filter((path) => !path.endsWith('demo.key') && !path.endsWith('stack.json'));
  for (const path of [...files, ...temporaryFiles(since)]) search(path, read(path));
}

function temporaryFiles(since: number): string[] {
  const paths = readdirSync(tmpdir()).map((name) => join(tmpdir(), name));
  return paths.filter((path) => {
    const stats = statSync(path, { throwIfNoEntry: false });
    return stats?.isFile() && stats.mtimeMs >= since && stats.size < LARGEST_TEMPORARY_BYTES;
  });
}

/** No process may write its memory down when it dies, nor carry content in its command line or environment. */
function searchProcesses(): void {
  for (const { name, pid } of stack.file.processes) {
    search(`command line of ${name}`, readFileSync(`/proc/${pid}/cmdline`));
    const limits = readFileSync(`/proc/${pid}/limits`, 'utf8');
    expect({ name, core: /Max core file size +(\d+|unlimited)/.exec(limits)?.[1] }).toEqual({ name, core: '0' });
  }
}
