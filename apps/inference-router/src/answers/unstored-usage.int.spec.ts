import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { jetstreamManager } from '@nats-io/jetstream';
import { usageRank, usageStream } from '@orgn/contracts';
import { startService } from '@orgn/service-kit';
import { eventually, startRouterBench, type RouterBench } from '@orgn/testing';
import { v7 as uuidv7 } from 'uuid';
import { inferenceRouter } from '../service.ts';

// Streams whose usage JetStream takes and does not acknowledge: as long as nobody knows that it is stored, nobody gets
// the end of an answer.

let bench: RouterBench;
beforeAll(async () => {
  const models = readFileSync(new URL('../../../../models.yaml', import.meta.url), 'utf8');
  const start = (environment: Record<string, string>) => startService(inferenceRouter, environment);
  bench = await startRouterBench({ start, models }, uuidv7);
});
afterAll(() => bench.stop());

const acknowledge = async (isWanted: boolean) => {
  const { streams } = await jetstreamManager(bench.bus.connection);
  await streams.update(usageStream.name, { no_ack: !isWanted });
};

const messages = [{ role: 'user', content: 'Hello' }];
const chat = { model: 'near_qwen3_30b', messages, stream: true, stream_options: { include_usage: true } };
interface Form {
  name: string;
  path: string;
  body: object;
  headers?: Record<string, string>;
  /** What only a whole answer has. */
  end: RegExp;
  /** The event that ends this one. */
  error: RegExp;
}
const inOpenAi = /\n\ndata: \{"error":\{[^\n]*"code":"service_unavailable"[^\n]*\n\n$/;
const atOpenAi = /\[DONE\]|"usage":\{/;
const forms: Form[] = [
  { name: 'chat', path: '/chat/completions', body: chat, end: atOpenAi, error: inOpenAi },
  {
    name: 'chat whose usage comes with the finish reason',
    path: '/chat/completions',
    body: { ...chat, model: 'vercel_gpt_4o' },
    end: atOpenAi,
    error: inOpenAi,
  },
  {
    name: 'chat without usage',
    path: '/chat/completions',
    body: { ...chat, stream_options: undefined },
    end: /\[DONE\]/,
    error: inOpenAi,
  },
  {
    name: 'raw chat',
    path: '/chat/completions',
    body: chat,
    headers: { 'x-ollm-raw': 'true' },
    end: atOpenAi,
    error: inOpenAi,
  },
  {
    name: 'completions',
    path: '/completions',
    body: { ...chat, messages: undefined, prompt: 'Once' },
    end: atOpenAi,
    error: inOpenAi,
  },
  {
    name: 'messages',
    path: '/messages',
    body: { model: chat.model, max_tokens: 50, messages, stream: true },
    end: /message_delta|message_stop/,
    error: /event: error\ndata: [^\n]*\n\n$/,
  },
  {
    name: 'responses',
    path: '/responses',
    body: { model: chat.model, input: 'Hello', stream: true },
    end: /response\.completed|"total_tokens"/,
    error: /event: (error|response\.failed)\ndata: [^\n]*\n\n$/,
  },
];

test('a stream whose usage is not acknowledged ends by an error, without its usage and its end, and is free', async () => {
  const read = async (id: string, { path, body, headers }: Form) =>
    (await bench.ask(path, body, { headers: { ...headers, 'x-request-id': id } })).text();
  const asked = forms.map((form) => ({ ...form, id: uuidv7() }));
  // What is looked for below does come where usage is stored.
  for (const form of forms) expect(await read(uuidv7(), form)).toMatch(form.end);
  bench.forget();
  await acknowledge(false);
  const texts = await Promise.all(asked.map((form) => read(form.id, form)));
  for (const [index, { name, end, error }] of asked.entries()) {
    const text = texts[index]!;
    expect({ name, hasEnd: end.test(text), tells: text.match(error) !== null }).toEqual({
      name,
      hasEnd: false,
      tells: true,
    });
  }
  // The next one would be in vain as well; another router may know better.
  const next = await bench.ask('/chat/completions', chat);
  expect([next.status, await next.json()]).toEqual([
    503,
    { code: 'service_unavailable', message: expect.stringContaining('cannot be recorded'), isNotTaken: true },
  ]);
  await acknowledge(true);
  const outcomeOf = (id: string) =>
    bench.events
      .map(({ data }) => data)
      .filter(({ requestId }) => requestId === id)
      .sort((x, y) => usageRank({ ...y, witness: 'router' }) - usageRank({ ...x, witness: 'router' }))[0];
  await eventually(() => {
    for (const { id } of asked) expect(outcomeOf(id)).toMatchObject({ outcome: 'withheld', costNanoUsd: 0 });
  });
});
