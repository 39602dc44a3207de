import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { UsageEvent } from '@orgn/contracts';
import { startService } from '@orgn/service-kit';
import { eventually, startRouterBench, type RouterBench } from '@orgn/testing';
import { v7 as uuidv7 } from 'uuid';
import { inferenceRouter } from '../service.ts';
import { earlyCalls } from './testing/early-calls.ts';
import { toldUsage } from './testing/told.ts';

const ANSWERS = process.env.TEST_LONG ? 10_000 : 400;
const AT_ONCE = 16;
const models = readFileSync(new URL('../../../../models.yaml', import.meta.url), 'utf8');
const messages = [{ role: 'user', content: 'Hello' }];
const usage = { include_usage: true };
const parameters = {
  type: 'object',
  properties: { a: { type: 'string' }, b: { type: 'string' } },
  required: ['a', 'b'],
};
const tools = [{ type: 'function', function: { name: 'at', parameters } }];
const chatModel = { model: 'near_qwen3_30b', stream: true };

function speech(format: string): FormData {
  const form = new FormData();
  form.set('model', 'near_whisper_large_v3');
  form.set('response_format', format);
  form.set('file', new Blob([new Uint8Array(20_000)]), 'speech.mp3');
  return form;
}

/** Every way to be answered, on wires that differ in order, places and names. */
const requests: [path: string, body: object][] = [
  ['/chat/completions', { model: 'near_qwen3_30b', messages }],
  ['/chat/completions', { ...chatModel, messages, stream_options: usage }],
  ['/chat/completions', { model: 'phala_qwen3_30b', messages, stream: true, usage: { include: true } }],
  ['/chat/completions', { model: 'vercel_gpt_4o', messages, stream: true, stream_options: usage }],
  ['/chat/completions', { model: 'vercel_gpt_4o', messages, usage: { include: true } }],
  ['/chat/completions', { ...chatModel, messages, tools, tool_choice: 'required', stream_options: usage }],
  ['/completions', { ...chatModel, prompt: 'Once', stream_options: usage }],
  ['/embeddings', { model: 'vercel_text_embedding_3_small', input: 'a', dimensions: 8 }],
  ['/rerank', { model: 'vercel_rerank_2_5', query: 'a', documents: ['b', 'c'] }],
  ['/responses', { model: 'near_qwen3_30b', input: 'Hello' }],
  ['/responses', { model: 'phala_qwen3_30b', input: 'Hello', stream: true }],
  ['/messages', { model: 'vercel_gpt_4o', messages, max_tokens: 30 }],
  ['/messages', { model: 'near_qwen3_30b', messages, max_tokens: 30, stream: true }],
  [
    '/messages',
    {
      ...chatModel,
      messages,
      max_tokens: 90,
      tools: [{ name: 'at', input_schema: parameters }],
      tool_choice: { type: 'any' },
    },
  ],
  [
    '/responses',
    { ...chatModel, input: 'Hello', tools: [{ type: 'function', name: 'at', parameters }], tool_choice: 'required' },
  ],
  ['/audio/transcriptions', speech('json')],
  ['/audio/transcriptions', speech('text')],
  ['/audio/transcriptions', speech('srt')],
];

let bench: RouterBench;
beforeAll(async () => {
  const start = (environment: Record<string, string>) => startService(inferenceRouter, environment);
  bench = await startRouterBench(
    { start, models, more: { IDLE_TIMEOUT_MS: '5000', CIRCUIT_FAILURES: '1000000' } },
    uuidv7,
  );
});
afterAll(() => bench.stop());

interface Told {
  path: string;
  requestId: string;
  isOk: boolean;
  cost: string | null;
  text: string;
}

async function askOnce(index: number): Promise<Told> {
  const [path, body] = requests[index % requests.length]!;
  const requestId = uuidv7();
  const signal = AbortSignal.timeout(20_000);
  const response = await bench.ask(path, body, { headers: { 'x-request-id': requestId }, signal });
  const text = await response.text();
  // A fault of the provider is a 502 of ours, never a failure of ours.
  expect([200, 502, 503]).toContain(response.status);
  return { path, requestId, isOk: response.status === 200, cost: response.headers.get('x-ollm-cost'), text };
}

/** Nobody is charged for anything but what the answer says, and no tool is called before its arguments are there. */
function expectHonest({ path, text, cost }: Told, word: UsageEvent['data'], seed: number): void {
  const isWhole = word.outcome === 'completed';
  expect({ seed, early: earlyCalls(text, !isWhole) }).toEqual({ seed, early: [] });
  if (!isWhole) return;
  if (cost !== null) expect({ seed, cost }).toEqual({ seed, cost: (word.costNanoUsd / 1e9).toFixed(9) });
  const { promptTokens, completionTokens } = word;
  const told = generating.has(path) ? toldUsage(path, text) : { promptTokens, completionTokens };
  expect({ seed, path, told }).toEqual({ seed, path, told: { promptTokens, completionTokens } });
}

/** Endpoints whose every answer tells its tokens. */
const generating = new Set(['/chat/completions', '/completions', '/messages', '/responses']);

describe(`${ANSWERS} mutated answers`, () => {
  test('neither hang nor crash the router, and each is charged once, for what its answer says', async () => {
    const seed = Number(process.env.SEED ?? Date.now() % 1_000_000);
    for (const name of ['near', 'phala', 'vercel'])
      await bench.providers.control(name, { mutate: seed, chunkBytes: 97, odd: ['interleave'] });
    const told: Told[] = [];
    let next = 0;
    const worker = async () => {
      while (next < ANSWERS) told.push(await askOnce(next++));
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    await eventually(() => expect(new Set(bench.events.map(({ data }) => data.requestId)).size).toBe(ANSWERS), {
      timeoutMs: 30_000,
    });
    const words = new Map(bench.events.map(({ data }) => [data.requestId as string, data]));
    expect(new Set(bench.events.map(({ id }) => id)).size).toBe(ANSWERS);
    for (const each of told) {
      const { requestId, isOk, text } = each;
      const word = words.get(requestId)!;
      // How our own errors begin, in every envelope; what a provider wrote does not count.
      const broke = /"message":"The (model )?provider /.test(text);
      expect({ seed, isOk: isOk && !broke, outcome: word.outcome }).toEqual({
        seed,
        isOk: word.outcome === 'completed',
        outcome: word.outcome,
      });
      expect(Number.isSafeInteger(word.costNanoUsd)).toBe(true);
      expectHonest(each, word, seed);
    }
    const completed = told.filter(({ requestId }) => words.get(requestId)!.outcome === 'completed').length;
    process.stdout.write(`mutated answers: ${ANSWERS}, passed on ${completed}, refused ${ANSWERS - completed}\n`);
    for (const name of ['near', 'phala', 'vercel']) await bench.providers.control(name, {});
    const [path, body] = requests[1]!;
    expect((await (await bench.ask(path, body)).text()).trimEnd()).toMatch(/\[DONE\]$/);
  }, 900_000);
});
