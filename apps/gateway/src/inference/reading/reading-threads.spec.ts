import { afterAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { readRequest, type ModelTraits, type ReadingTask } from './reading.ts';
import { LARGE_BYTES, ReadingThreads } from './reading-threads.ts';

const models: ModelTraits = {
  caching: new Set(['near_glm']),
  tokenizers: new Map([['near_glm', 'qwen']]),
};
const long = 'Grüße '.repeat(LARGE_BYTES / 6);
const turns = [{ role: 'user', content: long, surprise: 1 }];
const base = { model: 'near_glm', note: null, surprise: { deep: [1] } };
const form = (fields: Record<string, string>) => {
  const parts = Object.entries(fields).map(
    ([name, value]) => `--x\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  );
  const file = `--x\r\ncontent-disposition: form-data; name="file"; filename="a.wav"\r\n\r\n${long}\r\n--x--\r\n`;
  return Buffer.from(parts.join('') + file);
};
const json = (value: object) => Buffer.from(JSON.stringify({ ...base, ...value }));
const cached = [{ role: 'user', content: [{ type: 'text', text: long, cache_control: { type: 'ephemeral' } }] }];
const bodies: [path: string, body: Buffer][] = [
  ['/v1/chat/completions', json({ messages: turns, stream: true, models: ['b_c'] })],
  ['/v1/chat/completions', json({ messages: cached })],
  ['/v1/completions', json({ prompt: [long, 'x'] })],
  ['/v1/embeddings', json({ input: Array(40_000).fill(7) })],
  ['/v1/rerank', json({ query: 'q', documents: Array(1_000).fill(long.slice(0, 100)) })],
  ['/v1/responses', json({ input: turns, tools: [{ type: 'web_search' }, { type: 'unheard_of' }] })],
  ['/v1/responses/input_tokens', json({ input: turns })],
  ['/v1/messages', json({ messages: turns, max_tokens: 5 })],
  ['/v1/messages/count_tokens', json({ messages: turns })],
  ['/v1/audio/transcriptions', form({ model: 'near_glm', surprise: '1' })],
];
const taskOf = (path: string): ReadingTask => ({
  path,
  contentType: path.includes('audio') ? 'multipart/form-data; boundary=x' : 'application/json',
  isStrict: false,
  isNamed: true,
});

const threads = new ReadingThreads();
const parse = jest.spyOn(JSON, 'parse');
beforeEach(() => {
  parse.mockClear();
});
afterAll(async () => {
  parse.mockRestore();
  await threads.onApplicationShutdown();
});

describe('a large body', () => {
  test.each(bodies)('of %s is read elsewhere as it would be read here', async (path, body) => {
    const task = taskOf(path);
    const here = readRequest(Buffer.from(body), task, models);
    parse.mockClear();
    const { length } = body;
    const pieces = [body.subarray(0, 50_000), body.subarray(50_000)];
    const { body: bytes, ...elsewhere } = await threads.read(pieces, task, models);
    expect(parse).not.toHaveBeenCalled();
    // Moved there, not copied.
    expect(length).toBeGreaterThanOrEqual(LARGE_BYTES);
    expect(body).toHaveLength(0);
    const { body: expected, contentType: expectedType, ...rest } = here;
    const { contentType, ...found } = elsewhere;
    expect({ ...found, known: [...found.known] }).toEqual({ ...rest, known: [...rest.known] });
    if (path.includes('audio')) expect(contentType).toMatch(/^multipart\/form-data; boundary=orgn-/);
    else {
      expect(contentType).toBe(expectedType);
      expect(Buffer.compare(bytes, expected)).toBe(0);
    }
  });

  test('is refused with the words that it would be refused with here', async () => {
    for (const value of [{ messages: [{ role: 'user', content: 1 }] }, { messages: turns, max_tokns: 5 }]) {
      const task = taskOf('/v1/chat/completions');
      const body = json({ ...value, padding: long });
      const here = (() => {
        try {
          return readRequest(Buffer.from(body), task, models);
        } catch (error) {
          return error;
        }
      })();
      const { code, message, param } = here as { code: string; message: string; param: string };
      await expect(threads.read([body], task, models)).rejects.toMatchObject({ code, message, param });
    }
  });
});

test('a small body is read at once', async () => {
  const body = json({ messages: [{ role: 'user', content: 'x' }] });
  await threads.read([body], taskOf('/v1/chat/completions'), models);
  expect(parse).toHaveBeenCalledTimes(1);
  expect(body.length).toBeGreaterThan(0);
});
