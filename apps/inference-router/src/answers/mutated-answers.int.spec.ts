import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startService } from '@orgn/service-kit';
import { eventually, startRouterBench, type RouterBench } from '@orgn/testing';
import { v7 as uuidv7 } from 'uuid';
import { inferenceRouter } from '../service.ts';

const ANSWERS = process.env.TEST_LONG ? 10_000 : 400;
const AT_ONCE = 16;
const models = readFileSync(new URL('../../../../models.yaml', import.meta.url), 'utf8');
const messages = [{ role: 'user', content: 'Hello' }];
const tools = [{ type: 'function', function: { name: 'at', parameters: { type: 'object', properties: {} } } }];

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
  ['/chat/completions', { model: 'near_qwen3_30b', messages, stream: true }],
  ['/chat/completions', { model: 'phala_qwen3_30b', messages, stream: true, usage: { include: true } }],
  ['/chat/completions', { model: 'vercel_gpt_4o', messages, stream: true }],
  ['/chat/completions', { model: 'vercel_gpt_4o', messages, usage: { include: true } }],
  ['/chat/completions', { model: 'near_qwen3_30b', messages, tools, tool_choice: 'required', stream: true }],
  ['/completions', { model: 'near_qwen3_30b', prompt: 'Once', stream: true }],
  ['/embeddings', { model: 'vercel_text_embedding_3_small', input: 'a', dimensions: 8 }],
  ['/rerank', { model: 'vercel_rerank_2_5', query: 'a', documents: ['b', 'c'] }],
  ['/responses', { model: 'near_qwen3_30b', input: 'Hello' }],
  ['/responses', { model: 'phala_qwen3_30b', input: 'Hello', stream: true }],
  ['/messages', { model: 'vercel_gpt_4o', messages, max_tokens: 30 }],
  ['/messages', { model: 'near_qwen3_30b', messages, max_tokens: 30, stream: true }],
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
  requestId: string;
  isOk: boolean;
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
  return { requestId, isOk: response.status === 200, text };
}

describe(`${ANSWERS} mutated answers`, () => {
  test('neither hang nor crash the router, and each leaves exactly one usage word', async () => {
    const seed = Date.now() % 1_000_000;
    for (const name of ['near', 'phala', 'vercel'])
      await bench.providers.control(name, { mutate: seed, chunkBytes: 97 });
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
    for (const { requestId, isOk, text } of told) {
      const word = words.get(requestId)!;
      // How our own errors begin, in every envelope; what a provider wrote does not count.
      const broke = /"message":"The (model )?provider /.test(text);
      expect({ seed, isOk: isOk && !broke, outcome: word.outcome }).toEqual({
        seed,
        isOk: word.outcome === 'completed',
        outcome: word.outcome,
      });
      expect(Number.isSafeInteger(word.costNanoUsd)).toBe(true);
    }
    const completed = told.filter(({ requestId }) => words.get(requestId)!.outcome === 'completed').length;
    process.stdout.write(`mutated answers: ${ANSWERS}, passed on ${completed}, refused ${ANSWERS - completed}\n`);
    for (const name of ['near', 'phala', 'vercel']) await bench.providers.control(name, {});
    const [path, body] = requests[1]!;
    expect((await (await bench.ask(path, body)).text()).trimEnd()).toMatch(/\[DONE\]$/);
  }, 900_000);
});
