import { afterAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { TeamSeals } from '../seals/team-seals.ts';
import type { Incoming } from './endpoint.ts';
import { LARGE_BYTES, ReadingThreads } from './reading-threads.ts';
import { readers } from './readers.ts';
import { readWhole } from './whole-answer.ts';

const secrets = [{ kid: 'r1', secret: Buffer.alloc(32, 7) }];
const seals = new TeamSeals(secrets, 'team_a');
const model = { execution: 'tee', provider: 'near', id: 'near_glm' };
const other = { execution: 'tee', provider: 'phala', id: 'phala_r1' };
const sealed = (text: string, executed = model) => ({
  type: 'reasoning',
  id: 'rs_1',
  summary: [],
  encrypted_content: seals.seal(text, executed),
});
const long = 'Grüße an alle. '.repeat(LARGE_BYTES / 15);
const turns = [{ role: 'user', content: long }];
const image = { type: 'image_url', image_url: { url: 'https://x/y.png' } };
const tools = [
  { type: 'function', name: 'f', parameters: { type: 'object', properties: { a: { description: long } } } },
  { type: 'namespace', name: 'n', tools: [{ type: 'custom', name: 'g' }] },
];
const form = Buffer.from(
  '--x\r\ncontent-disposition: form-data; name="model"\r\n\r\nnear_glm\r\n' +
    `--x\r\ncontent-disposition: form-data; name="file"; filename="a.wav"\r\n\r\n${long}\r\n--x--\r\n`,
);
const json = (value: object) => Buffer.from(JSON.stringify({ model: 'near_glm', ...value }));
const bodies: [path: string, body: Buffer][] = [
  ['/chat/completions', json({ messages: turns, stream: true, stream_options: {}, models: ['phala_r1'], top_k: 3 })],
  ['/chat/completions', json({ messages: [{ role: 'user', content: [{ type: 'text', text: long }, image] }] })],
  ['/chat/completions', json({ messages: turns, thinking: { type: 'enabled', budget_tokens: 9 }, max_tokens: 9e9 })],
  ['/completions', json({ prompt: [long, 'x'], best_of: 3 })],
  ['/embeddings', json({ input: Array(40_000).fill(7), encoding_format: 'base64' })],
  ['/rerank', json({ query: 'q', documents: Array(1_000).fill(long.slice(0, 100)) })],
  ['/responses', json({ input: [...turns, sealed('mine'), sealed('theirs', other)], max_output_tokens: 7 })],
  ['/responses', json({ input: 'x', instructions: long, tools })],
  ['/messages', json({ messages: turns, max_tokens: 5, stop_sequences: ['a'] })],
  ['/audio/transcriptions', form],
];
const incoming = (path: string, body: Buffer): Incoming => ({
  body,
  contentType: path.includes('audio') ? 'multipart/form-data; boundary=x' : 'application/json',
  seals,
});
const inPieces = (path: string, body: Buffer) => ({
  ...incoming(path, body),
  body: [body.subarray(0, 100), body.subarray(100)],
});
const bytesOf = ({ pieces }: { pieces: readonly Buffer[] }) => Buffer.concat(pieces);
const changes = { upstreamModel: 'up', mostTokens: 100, engine: 'openai', forceUsage: true } as const;
const tools0 = { seals, readFor: () => Promise.reject(new Error('not asked')) };

const threads = new ReadingThreads();
const parse = jest.spyOn(JSON, 'parse');
beforeEach(() => {
  parse.mockClear();
});
afterAll(async () => {
  parse.mockRestore();
  await threads.onApplicationShutdown();
});

describe('a large request', () => {
  test.each(bodies)('to %s is read elsewhere, and is then what it would be here', async (path, body) => {
    const endpoint = readers.get(path)!;
    const copy = Buffer.from(body);
    const facts = endpoint.read(incoming(path, copy));
    const here = endpoint.toRequest(facts, {
      seals,
      readFor: async (executed) => endpoint.read(incoming(path, copy), executed),
    });
    parse.mockClear();
    const there = await threads.read(endpoint, inPieces(path, body));
    expect(parse.mock.calls.filter(([text]) => text.length > 1_000)).toEqual([]);
    expect(body).toHaveLength(0);
    for (const name of ['models', 'needs', 'isStream', 'wantsUsage', 'wantsCost', 'outputLimit', 'bounds'] as const)
      expect(there[name]).toEqual(here[name]);
    expect([there.images, there.marksCaching]).toEqual([here.images, here.marksCaching]);
    for (const engine of ['vllm', 'openai'] as const) expect(there.untaken(engine)).toEqual(here.untaken(engine));
    for (const executed of [model, other, model]) {
      expect(there.unopened?.(executed)).toEqual(here.unopened?.(executed));
      const sent = await there.toUpstream(changes, executed);
      const expected = await here.toUpstream(changes, executed);
      if (!path.includes('audio')) expect(bytesOf(sent).equals(bytesOf(expected))).toBe(true);
      expect(bytesOf(sent).length).toBe(bytesOf(expected).length);
      expect(sent.path).toBe(expected.path);
    }
    const tokens = here.promptEstimate('qwen');
    expect(Math.abs(there.promptEstimate('qwen') - tokens)).toBeLessThanOrEqual(0.1 * tokens);
  });

  test('has facts that are small, however large it is', () => {
    for (const [path] of bodies.filter(([each]) => !each.includes('audio'))) {
      const many = Array.from({ length: 500 }, (_, at) => ({ type: 'function', name: `f${at}`, description: long }));
      const value = path === '/responses' ? { input: long, instructions: long.repeat(9), tools: many } : undefined;
      const body = value ? json(value) : Buffer.from(bodies.find(([each]) => each === path)![1]);
      if (body.length === 0) continue;
      const endpoint = readers.get(path)!;
      const facts = endpoint.lighten(endpoint.read(incoming(path, body)));
      const plain = { ...facts, body: undefined, translated: { ...facts.translated, original: undefined } };
      expect(JSON.stringify(plain).length).toBeLessThan(700_000);
    }
  });

  test('of which other tools are told by name only still knows whose call is whose', async () => {
    const many = Array.from({ length: 400 }, (_, at) => ({ type: 'custom', name: `c${at}`, description: long }));
    const request = await threads.read(
      readers.get('/responses')!,
      inPieces('/responses', json({ input: 'x', tools: many })),
    );
    const call = { id: 'call_1', type: 'function', function: { name: 'c7', arguments: '{"input":"do it"}' } };
    const choice = { index: 0, finish_reason: 'tool_calls', message: { role: 'assistant', tool_calls: [call] } };
    const upstream = JSON.parse(bytesOf(await request.toUpstream(changes, model)).toString()) as {
      tools: { function: { name: string } }[];
    };
    choice.message.tool_calls[0]!.function.name = upstream.tools[7]!.function.name;
    const answer = request.answer.translation!.toAnswer(Buffer.from(JSON.stringify({ choices: [choice] })), {
      requestId: '0',
      model: 'near_glm',
      executed: model,
      promptEstimate: () => 1,
    });
    expect(answer.toString()).toContain('"type":"custom_tool_call"');
    expect(answer.toString()).toContain('"name":"c7"');
  });

  test('is refused with the words that it would be refused with here', async () => {
    const body = json({ messages: [...turns, { role: 'user', content: 1 }] });
    const endpoint = readers.get('/chat/completions')!;
    await expect(threads.read(endpoint, inPieces(endpoint.path, body))).rejects.toMatchObject({
      code: 'invalid_request',
      param: 'messages[1].content',
    });
  });
});

test('a small request is read at once', async () => {
  const endpoint = readers.get('/chat/completions')!;
  const body = json({ messages: [{ role: 'user', content: 'x' }] });
  const request = await threads.read(endpoint, inPieces(endpoint.path, body));
  expect(parse).toHaveBeenCalledTimes(1);
  expect(body.length).toBeGreaterThan(0);
  expect(endpoint.toRequest(endpoint.read(incoming(endpoint.path, body)), tools0).models).toEqual(request.models);
});

describe('a large answer', () => {
  const row = (at: number) => ({
    object: 'embedding',
    index: at,
    embedding: Array.from({ length: 512 }, () => at / 7),
  });
  const vectors = {
    object: 'list',
    model: 'up',
    data: Array.from({ length: 40 }, (_, at) => row(at)),
    usage: { prompt_tokens: 9, total_tokens: 9 },
    provider_metadata: { gateway: { routing: { finalProvider: 'x', modelAttempts: [] } } },
  };
  const completion = {
    id: 'c1',
    object: 'chat.completion',
    model: 'up',
    choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content: long } }],
    usage: { prompt_tokens: 9, completion_tokens: 9, total_tokens: 18 },
  };
  const words = { text: long, duration: 7.5, segments: [] };
  const file = Buffer.from(form.toString().replace(long, 'RIFF'));
  const answers: [path: string, request: () => Buffer, answer: object][] = [
    ['/embeddings', () => json({ input: 'x', encoding_format: 'base64' }), vectors],
    ['/embeddings', () => json({ input: 'x' }), vectors],
    ['/chat/completions', () => json({ messages: [{ role: 'user', content: 'x' }] }), completion],
    ['/chat/completions', () => json({ messages: [{ role: 'user', content: 'x' }] }), { error: { message: long } }],
    ['/responses', () => json({ input: 'x', instructions: 'be brief' }), completion],
    ['/messages', () => json({ max_tokens: 9, messages: [{ role: 'user', content: 'x' }] }), completion],
    ['/audio/transcriptions', () => file, words],
  ];

  test.each(answers)(
    'to %s is read and translated elsewhere, and is what it would be here',
    async (path, body, sent) => {
      const endpoint = readers.get(path)!;
      const bytes = () => Buffer.from(JSON.stringify(sent));
      const known = endpoint.toRequest(endpoint.read(incoming(path, body())), tools0);
      const request = await threads.read(endpoint, inPieces(path, body()));
      const origin = { provider: 'vercel', isRaw: false } as const;
      const here = readWhole(known.answer, bytes(), origin);
      const moved = bytes();
      parse.mockClear();
      const there = await request.readWhole([moved.subarray(0, 9), moved.subarray(9)], origin);
      expect(moved).toHaveLength(0);
      expect(parse).not.toHaveBeenCalled();
      expect(there.body.equals(here.body)).toBe(true);
      expect({ ...there, body: 0 }).toEqual({ ...here, body: 0 });
      if (!known.answer.translation) return;
      const identity = { requestId: 'r1', model: 'near_glm', executed: model, promptEstimate: () => 3 };
      const translated = await request.translateWhole([there.body], identity);
      expect(JSON.parse(translated.toString())).toEqual(
        JSON.parse(known.answer.translation.toAnswer(here.body, identity).toString()),
      );
    },
  );
});
