import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Stack } from './stack.ts';

// What an operator can set about how requests are read and answers begin, from the environment to the caller.

const settings = { EARLY_HEADERS_MS: '300', RAW_ANSWERS: 'false', UNKNOWN_FIELDS: 'refuse', OUTPUT_LIMIT: 'refuse' };
const hello = { model: 'phala_deepseek_r1', messages: [{ role: 'user', content: 'Hello' }] };
const stack = new Stack();
const codeOf = async (response: Response) => {
  const { error } = (await response.json()) as { error: { code: string; param: string | null } };
  return [response.status, error.code, error.param];
};

beforeAll(async () => {
  Object.assign(process.env, settings);
  await stack.start();
});
afterAll(async () => {
  for (const name of Object.keys(settings)) Reflect.deleteProperty(process.env, name);
  await stack.remove();
});

test('headers of a slow stream leave early, and what fails then is an event of the stream', async () => {
  await stack.control('phala', { delayMs: 2_000 });
  const startedAt = Date.now();
  const slow = await stack.chat({ ...hello, stream: true });
  expect([slow.status, Date.now() - startedAt < 1_500]).toEqual([200, true]);
  expect((await slow.text()).trimEnd()).toMatch(/data: \[DONE\]$/);
  await stack.control('phala', { delayMs: 2_000, status: 400 });
  const failed = await stack.chat({ ...hello, stream: true });
  expect(failed.status).toBe(200);
  const text = await failed.text();
  expect(text).toContain('"error"');
  expect(text).not.toContain('[DONE]');
  await stack.control('phala', {});
});

test('an answer in one piece keeps its status, however late it comes', async () => {
  await stack.control('phala', { delayMs: 1_000, status: 400 });
  expect((await stack.chat(hello)).status).toBe(400);
  await stack.control('phala', {});
});

test('raw answers, unknown fields and too high a limit are refused where the operator says so', async () => {
  expect(await codeOf(await stack.chat(hello, { headers: { 'x-ollm-raw': 'true' } }))).toEqual([
    400,
    'invalid_request',
    'x-ollm-raw',
  ]);
  expect(await codeOf(await stack.chat({ ...hello, surprise: 1 }))).toEqual([400, 'unknown_parameter', 'surprise']);
  expect(await codeOf(await stack.chat({ ...hello, max_tokens: 1e6 }))).toEqual([400, 'invalid_request', 'max_tokens']);
  expect((await stack.chat({ ...hello, client_metadata: {}, surprise: null })).status).toBe(200);
});
