import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { RunningSimulator, makeChat } from '../testing/running-simulator.ts';

let simulator: RunningSimulator;
beforeAll(async () => void (simulator = await RunningSimulator.start()));
afterAll(() => simulator.stop());

const body = makeChat({ stream: true, stream_options: { include_usage: true } });
const answer = async (state: object, asked: object = body) => {
  expect((await simulator.put('near', state)).status).toBe(200);
  const response = await simulator.post('near', asked);
  // Response.text() would take a byte order mark away.
  return { response, text: Buffer.from(await response.arrayBuffer()).toString('utf8') };
};

describe('an odd stream', () => {
  test.each([
    ['nodone', /"usage":\{[^\n]*\n\n$/],
    ['doneblank', /data: \[DONE\] \n\n$/],
    ['noblank', /data: \[DONE\]$/],
    ['multidata', /^data: \{\ndata: "choices"/],
    ['joined', /^data: [^\n]*\ndata: /],
    ['emptydata', /^data:\n\ndata: \{/],
    ['bom', /^\ufeffdata: /],
    ['errorfirst', /^data: \{"error":[^\n]*\n\n$/],
    ['errorsecond', /^data: \{"choices"[^\n]*\n\ndata: \{"error":[^\n]*\n\n$/],
    ['errorlate', /^(data: \{"choices"[^\n]*\n\n){4}data: \{"error":[^\n]*\n\n$/],
    ['emptystream', /^$/],
    ['donefirst', /^data: \[DONE\]\n\n$/],
  ])('of the kind %s has that form', async (kind, form) => {
    const { response, text } = await answer({ odd: [kind] });
    expect(response.status).toBe(200);
    expect(text).toMatch(form);
  });

  test('is an error in JSON with status 200, streamed or not', async () => {
    for (const asked of [body, makeChat()]) {
      const { response, text } = await answer({ odd: ['error200'] }, asked);
      expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/json']);
      expect(JSON.parse(text)).toMatchObject({ error: { code: 503 } });
    }
  });
});

describe('usage', () => {
  test.each([
    ['absurd', { prompt_tokens: 9_000_000 }],
    ['negative', { completion_tokens: -5 }],
    ['zero', { prompt_tokens: 0, completion_tokens: 0 }],
    ['text', { prompt_tokens: expect.any(String) }],
    ['deepseek', { prompt_cache_hit_tokens: 1 }],
  ])('can be %s, plain and streamed', async (usage, figures) => {
    expect(JSON.parse((await answer({ usage }, makeChat())).text)).toMatchObject({ usage: figures });
    const [, chunk] = /^data: (.*"usage":\{.*)$/m.exec((await answer({ usage })).text) ?? [];
    expect(JSON.parse(chunk ?? '')).toMatchObject({ usage: figures });
  });
});

test("vLLM's answers have its null members", async () => {
  const { text } = await answer({}, makeChat());
  expect(JSON.parse(text)).toMatchObject({
    choices: [
      {
        message: {
          reasoning: null,
          refusal: null,
          annotations: null,
          audio: null,
          function_call: null,
          tool_calls: [],
        },
        stop_reason: null,
        token_ids: null,
      },
    ],
    prompt_logprobs: null,
    kv_transfer_params: null,
  });
});

test('tells when to come back in three ways', async () => {
  const headerOf = async (retryAfterAs: string, name: string) =>
    (await answer({ status: 503, retryAfter: 30, retryAfterAs })).response.headers.get(name);
  expect(await headerOf('seconds', 'retry-after')).toBe('30');
  expect(await headerOf('ms', 'retry-after-ms')).toBe('30000');
  expect(Date.parse((await headerOf('date', 'retry-after')) ?? '')).toBeGreaterThan(Date.now());
});
