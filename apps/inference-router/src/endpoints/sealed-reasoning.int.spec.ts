import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startService } from '@orgn/service-kit';
import { startRouterBench, type RouterBench } from '@orgn/testing';
import { v7 as uuidv7 } from 'uuid';
import { inferenceRouter } from '../service.ts';

const local =
  '- { id: local_chat, provider: local, upstream: chat, execution: operator, type: chat, context: 1000, maxOutput: 100, defaultOutput: 10, price: { input: "1", output: "2" } }\n';
const models = `${readFileSync(new URL('../../../../models.yaml', import.meta.url), 'utf8')}\n${local}`;
const include = ['reasoning.encrypted_content'];
const question = { role: 'user', content: 'Why is the sky blue, in a few words?' };
const model = 'near_qwen3_30b';

interface Reasoning {
  type: string;
  content: { text: string }[];
  summary: unknown[];
  encrypted_content?: string;
}

/** A provider that keeps what it was sent. */
const asked: string[] = [];
const upstream = createServer((request, response) => {
  void request.toArray().then((chunks) => {
    asked.push(Buffer.concat(chunks as Buffer[]).toString());
    const message = { role: 'assistant', content: 'Blue.', reasoning_content: 'Light “scatters”.' };
    const usage = { prompt_tokens: 9, completion_tokens: 5 };
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ id: 'c', choices: [{ index: 0, message, finish_reason: 'stop' }], usage }));
  });
});

let bench: RouterBench;
beforeAll(async () => {
  const start = (environment: Record<string, string>) => startService(inferenceRouter, environment);
  const REASONING_KEYS = `r1:${randomBytes(32).toString('base64url')}`;
  upstream.listen(0, '127.0.0.1');
  await once(upstream, 'listening');
  const LOCAL_BASE_URL = `http://127.0.0.1:${(upstream.address() as AddressInfo).port}/v1`;
  bench = await startRouterBench({ start, models, more: { REASONING_KEYS, LOCAL_BASE_URL } }, uuidv7);
  await bench.providers.control('near', { reasoningTokens: 4 });
});
afterAll(async () => {
  await bench.stop();
  upstream.close();
});

async function reasoned(fields: object = {}): Promise<Reasoning> {
  const response = await bench.ask('/responses', { model, input: [question], include, ...fields });
  const { output } = (await response.json()) as { output: Reasoning[] };
  const item = output.find(({ type }) => type === 'reasoning');
  if (!item) throw new Error('did not reason');
  return item;
}

const goOn = (sealed: string, fields: object = {}) => {
  const item = { type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: sealed };
  const input = [question, item, { role: 'assistant', content: 'Scattering.' }, { role: 'user', content: 'More?' }];
  return bench.ask('/responses', { model, input, ...fields });
};

describe('reasoning over responses', () => {
  test('is sealed for the caller who asks for that, whole and streamed', async () => {
    expect((await reasoned()).encrypted_content).toMatch(/^orgn1\.r1\./);
    expect(await reasoned({ include: undefined })).not.toHaveProperty('encrypted_content');
    const streamed = await (await bench.ask('/responses', { model, input: 'Hi', include, stream: true })).text();
    expect(streamed).toMatch(/event: response.output_item.done\ndata: .*"encrypted_content":"orgn1\.r1\./);
  });

  test('goes back to the model that it is of, and nothing is dropped', async () => {
    const { encrypted_content } = await reasoned({ model: 'local_chat' });
    const response = await goOn(encrypted_content!, { model: 'local_chat' });
    expect(response.status).toBe(200);
    expect(response.headers.get('x-ollm-dropped')).toBeNull();
    expect(JSON.parse(asked.at(-1)!)).toMatchObject({
      messages: [question, { role: 'assistant', content: 'Scattering.', reasoning_content: 'Light “scatters”.' }, {}],
    });
    expect(asked.at(-1)).not.toContain('orgn1');
  });

  test('of another model is left out and named', async () => {
    const { encrypted_content } = await reasoned();
    const response = await goOn(encrypted_content!, { model: 'vercel_gpt_4o' });
    expect(response.status).toBe(200);
    expect(response.headers.get('x-ollm-dropped')).toBe('input[1].encrypted_content');
  });

  test('that was forged is a 400', async () => {
    const { encrypted_content } = await reasoned();
    const response = await goOn(`${encrypted_content!.slice(0, -2)}${encrypted_content!.endsWith('AA') ? 'BB' : 'AA'}`);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ code: 'invalid_request', param: 'input[1].encrypted_content' });
  });
});
