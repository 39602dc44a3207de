import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { ProviderName } from '../providers.ts';
import { RunningSimulator, chunksOf, dataOf, makeChat } from '../testing/running-simulator.ts';
import type { Chunk, UsageNumbers } from '../testing/running-simulator.ts';

let simulator: RunningSimulator;
beforeAll(async () => {
  simulator = await RunningSimulator.start();
});
afterAll(() => simulator.stop());

const all: readonly ProviderName[] = ['near', 'phala', 'vercel', 'local'];
const withUsage = { stream: true, stream_options: { include_usage: true } };

async function stream(provider: ProviderName, overrides: Record<string, unknown> = {}): Promise<string> {
  const response = await simulator.post(provider, makeChat({ stream: true, ...overrides }));
  expect(response.headers.get('content-type')).toMatch(/^text\/event-stream/);
  return response.text();
}

async function plain(provider: ProviderName, overrides: Record<string, unknown> = {}): Promise<PlainAnswer> {
  const response = await simulator.post(provider, makeChat(overrides));
  expect(response.headers.get('content-type')).toBe('application/json');
  return (await response.json()) as PlainAnswer;
}

interface PlainAnswer {
  readonly id: string;
  readonly object: string;
  readonly model: string;
  readonly usage: UsageNumbers;
  readonly choices: readonly {
    readonly finish_reason: string;
    readonly message: { content: string | null; tool_calls?: unknown[]; provider_metadata?: { gateway: Gateway } };
    readonly logprobs: { content: { token: string }[] } | null;
  }[];
}

interface Gateway {
  readonly routing: { readonly planningReasoning: string; readonly modelAttempts: object[] };
  readonly cost: string;
  readonly generationId: string;
}

function contents(chunks: readonly Chunk[], index = 0): string[] {
  const deltas = chunks.flatMap((chunk) => chunk.choices.filter((choice) => choice.index === index));
  return deltas
    .map((choice) => choice.delta.content)
    .filter((content) => content !== undefined && content !== '') as string[];
}

describe.each(all)('%s', (provider) => {
  test('streams the text it gives in a plain answer, one chunk a token', async () => {
    const answer = await plain(provider);
    const chunks = chunksOf(await stream(provider, withUsage));
    expect(contents(chunks).join('')).toBe(answer.choices[0]?.message.content);
    expect(contents(chunks)).toHaveLength(answer.usage.completion_tokens);
    expect(chunks.find((chunk) => chunk.usage)?.usage).toMatchObject(answer.usage);
    expect(answer).toMatchObject({ object: 'chat.completion', model: 'a/model' });
    expect(new Set(chunks.map((chunk) => `${chunk.object} ${chunk.model} ${chunk.id}`)).size).toBe(1);
  });

  test('ends a stream with a finish reason and [DONE]', async () => {
    const data = dataOf(await stream(provider));
    expect(data.at(-1)).toBe('[DONE]');
    expect(JSON.parse(data.at(-2) ?? '')).toMatchObject({ choices: [{ finish_reason: 'stop' }] });
  });

  test('has no usage in a stream unless asked', async () => {
    expect(await stream(provider)).not.toContain('"usage"');
  });

  test('adds prompt and completion to the total', async () => {
    const { usage } = await plain(provider);
    expect(usage.total_tokens).toBe(usage.prompt_tokens + usage.completion_tokens);
  });

  test('gives n choices and counts them all', async () => {
    const answer = await plain(provider, { n: 2, max_tokens: 6 });
    expect(answer.choices.map((choice) => choice.finish_reason)).toEqual(['length', 'length']);
    expect(answer.usage.completion_tokens).toBe(12);
    const chunks = chunksOf(await stream(provider, { n: 2, max_tokens: 6, ...withUsage }));
    expect([0, 1].map((index) => contents(chunks, index).join(''))).toEqual(
      answer.choices.map((choice) => choice.message.content),
    );
    expect(chunks.findLast((chunk) => chunk.usage)?.usage?.completion_tokens).toBe(12);
  });

  test('streams a tool call in fragments of valid JSON', async () => {
    const parameters = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };
    const tools = [{ type: 'function', function: { name: 'weather', parameters } }];
    const chunks = chunksOf(await stream(provider, { tools, tool_choice: 'required', ...withUsage }));
    const calls = chunks.flatMap((chunk) => chunk.choices[0]?.delta.tool_calls ?? []);
    expect(calls[0]?.function).toEqual({ name: 'weather', arguments: '' });
    const fragments = calls.slice(1).map((call) => call.function.arguments);
    expect(JSON.parse(fragments.join(''))).toEqual({ city: expect.any(String) });
    expect(chunks.findLast((chunk) => chunk.usage)?.usage?.completion_tokens).toBe(fragments.length);
    const answer = await plain(provider, { tools, tool_choice: 'required' });
    expect(answer.choices[0]).toMatchObject({ finish_reason: 'tool_calls', message: { content: null } });
    expect(answer.choices[0]?.message.tool_calls).toEqual([
      { id: expect.any(String), type: 'function', function: { name: 'weather', arguments: fragments.join('') } },
    ]);
  });

  test('gives log probabilities only when asked', async () => {
    expect((await plain(provider)).choices[0]?.logprobs).toBeNull();
    const asked = await plain(provider, { logprobs: true, top_logprobs: 2, max_tokens: 3 });
    expect(asked.choices[0]?.logprobs?.content.map((entry) => entry.token).join('')).toBe(
      asked.choices[0]?.message.content,
    );
  });

  test('gives embeddings with usage', async () => {
    const response = await simulator.post(provider, { model: 'e', input: ['a b', 'c'] }, { path: 'embeddings' });
    expect(await response.json()).toMatchObject({
      object: 'list',
      model: 'e',
      data: [{ index: 0, object: 'embedding' }, { index: 1 }],
      usage: { prompt_tokens: 3, total_tokens: 3 },
    });
  });

  test('lists models', async () => {
    const headers = { authorization: 'Bearer test' };
    const response = await fetch(`${simulator.url}/${provider}/v1/models`, { headers });
    expect(await response.json()).toMatchObject({
      object: 'list',
      data: expect.arrayContaining([expect.objectContaining({ object: 'model', id: expect.any(String) })]),
    });
  });

  test('refuses a missing field, a missing key and an unknown path in its envelope', async () => {
    const missing = await simulator.post(provider, makeChat({ model: undefined }));
    expect(missing.status).toBe(400);
    expect(await missing.json()).toMatchObject({ error: { message: 'Field required: model' } });
    const keyless = await simulator.post(provider, makeChat(), { headers: { authorization: 'Bearer ' } });
    expect(keyless.status).toBe(401);
    expect(await keyless.json()).toMatchObject({ error: { message: expect.any(String) } });
    const unknown = await simulator.post(provider, {}, { path: 'attestation/report' });
    expect(unknown.status).toBe(404);
    expect(await unknown.json()).toMatchObject({ error: { message: expect.any(String) } });
  });

  test('refuses what is not JSON without quoting it', async () => {
    const response = await simulator.post(provider, '', { body: '{"model": secret' });
    expect(response.status).toBe(400);
    expect(await response.text()).not.toContain('secret');
  });
});

describe('near', () => {
  test('writes compact JSON in alphabetical order with ids of vLLM', async () => {
    const text = await (await simulator.post('near', makeChat())).text();
    const answer = JSON.parse(text) as PlainAnswer;
    expect(JSON.stringify(answer)).toBe(text);
    expect(answer.id).toMatch(/^chatcmpl-[0-9a-f]{32}$/);
    for (const data of [text, ...dataOf(await stream('near', withUsage)).slice(0, -1)]) {
      const keys = Object.keys(JSON.parse(data) as object);
      expect(keys).toEqual(keys.toSorted());
    }
  });

  test('tells the usage in a chunk of its own without choices', async () => {
    const [usage, ...others] = chunksOf(await stream('near', withUsage)).toReversed();
    expect(usage).toMatchObject({ choices: [], usage: { completion_tokens: contents(others).length } });
    expect(others.some((chunk) => 'usage' in chunk)).toBe(false);
  });

  test('counts along in every chunk when asked for continuous usage', async () => {
    const options = { include_usage: true, continuous_usage_stats: true };
    const chunks = chunksOf(await stream('near', { max_tokens: 3, stream_options: options }));
    expect(chunks.map((chunk) => chunk.usage?.completion_tokens)).toEqual([0, 1, 2, 3, 3, 3]);
  });
});

describe('phala', () => {
  test('names a receipt in the header of each answer', async () => {
    const responses = [await simulator.post('phala', makeChat()), await simulator.post('phala', makeChat(withUsage))];
    const receipts = responses.map((response) => response.headers.get('x-receipt-id'));
    for (const receipt of receipts) expect(receipt).toMatch(/^rcpt-[0-9a-f]{32}$/);
    expect(receipts[0]).not.toBe(receipts[1]);
  });
});

describe('vercel', () => {
  const zdr = { providerOptions: { gateway: { zeroDataRetention: true } } };

  test('tells its routing in the message of a plain answer', async () => {
    const answer = await plain('vercel', { model: 'anthropic/claude-sonnet-4.6' });
    expect(answer.id).toMatch(/^gen_[0-9A-HJKMNP-TV-Z]{26}$/);
    const gateway = answer.choices[0]?.message.provider_metadata?.gateway;
    expect(gateway).toMatchObject({
      routing: { originalModelId: 'anthropic/claude-sonnet-4.6', finalProvider: 'anthropic' },
      cost: expect.stringMatching(/^0\.\d+$/),
      generationId: answer.id,
    });
    expect(gateway?.routing.modelAttempts[0]).toMatchObject({ providerAttempts: [{ credentialType: 'system' }] });
  });

  test('tells its routing, finish reason and usage in one last chunk', async () => {
    const last = chunksOf(await stream('vercel', withUsage)).at(-1);
    expect(Object.keys(last ?? {}).slice(-3)).toEqual(['usage', 'system_fingerprint', 'generationId']);
    expect(last).toMatchObject({
      usage: { completion_tokens: expect.any(Number) },
      choices: [{ finish_reason: 'stop', delta: { provider_metadata: { gateway: { generationId: last?.id } } } }],
    });
  });

  test('says in its planning whether zero data retention was requested', async () => {
    const planned = async (overrides: object) => {
      const answer = await plain('vercel', { ...overrides });
      return answer.choices[0]?.message.provider_metadata?.gateway.routing.planningReasoning;
    };
    expect(await planned(zdr)).toMatch(/^ZDR requested: /);
    expect(await planned({})).not.toMatch(/ZDR/);
  });

  test('has no provider for a model named -no-zdr under zero data retention', async () => {
    const model = 'example/model-no-zdr';
    const refused = await simulator.post('vercel', makeChat({ model, ...zdr }));
    expect(refused.status).toBe(400);
    expect(await refused.json()).toEqual({
      error: expect.stringContaining(`No ZDR (Zero Data Retention) providers available for model: ${model}`),
      type: 'no_providers_available',
      statusCode: 400,
    });
    const embedding = await simulator.post('vercel', { model, input: 'a', ...zdr }, { path: 'embeddings' });
    expect(embedding.status).toBe(400);
    expect((await simulator.post('vercel', makeChat({ model }))).status).toBe(200);
  });
});

describe('local', () => {
  test('says null usage in every chunk before the usage', async () => {
    const chunks = chunksOf(await stream('local', withUsage));
    expect(chunks.slice(0, -1).every((chunk) => chunk.usage === null)).toBe(true);
    expect(chunks.at(-1)?.usage?.completion_tokens).toBeGreaterThan(0);
  });
});
