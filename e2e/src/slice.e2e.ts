import { spawn } from 'node:child_process';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import OpenAI, { AuthenticationError, BadRequestError, NotFoundError } from 'openai';
import { eventually, run, Stack, type UsageRow } from './stack.ts';

const hello = [{ role: 'user' as const, content: 'Hello' }];
const models = ['near_qwen3_30b', 'phala_deepseek_r1', 'vercel_claude_sonnet_4_6'];

const stack = new Stack();
let printed = '';
let openai: OpenAI;

const rowOf = async (requestId: string | null): Promise<UsageRow> => {
  let found: UsageRow[] = [];
  await eventually(async () => {
    found = (await stack.usage()).filter((row) => row.requestId === requestId);
    expect(found).toHaveLength(1);
  });
  return found[0]!;
};
const createKey = async (...flags: string[]): Promise<{ id: string; key: string }> => {
  const ended = await stack.operator('keys', 'create', '--team', stack.file.demo.teamId, ...flags, '--json');
  expect(ended).toMatchObject({ code: 0 });
  return JSON.parse(ended.stdout) as { id: string; key: string };
};
const refusal = async (response: Response): Promise<{ status: number; code: string; param: string | null }> => {
  const { error } = (await response.json()) as { error: { code: string; param: string | null; request_id: string } };
  expect(error.request_id).toBe(response.headers.get('x-request-id'));
  return { status: response.status, code: error.code, param: error.param };
};

beforeAll(async () => {
  printed = await stack.start('--gateways', '2');
  openai = new OpenAI({ baseURL: `${stack.file.api}/v1`, apiKey: stack.file.demo.key, maxRetries: 0 });
});
afterEach(async () => {
  for (const provider of ['near', 'phala', 'vercel']) await stack.control(provider, {});
});
afterAll(() => stack.remove());

describe('the official SDK, with base URL and key only', () => {
  test.each(models)('gets a completion of %s that costs what its header says', async (model) => {
    const { data, response } = await openai.chat.completions.create({ model, messages: hello }).withResponse();
    expect(data.model).toBe(model);
    expect(data.choices[0]!.message.content).toMatch(/\w+/);
    const row = await rowOf(response.headers.get('x-request-id'));
    expect(row).toMatchObject({
      outcome: 'completed',
      countedBy: 'provider',
      promptTokens: data.usage!.prompt_tokens,
      completionTokens: data.usage!.completion_tokens,
    });
    expect(response.headers.get('x-ollm-cost')).toBe((row.costNanoUsd / 1e9).toFixed(9));
    expect(response.headers.get('x-ollm-execution')).toBe(model.startsWith('vercel') ? 'zdr' : 'tee');
    expect(response.headers.get('x-ollm-attestation')).toBe(model.startsWith('vercel') ? null : 'verified');
  });

  test.each(models)('streams %s, with usage only when asked', async (model) => {
    const collect = async (include_usage: boolean) => {
      const options = include_usage ? { stream_options: { include_usage } } : {};
      const { data, response } = await openai.chat.completions
        .create({ model, messages: hello, stream: true, ...options })
        .withResponse();
      const chunks = await Array.fromAsync(data);
      expect(new Set(chunks.map((chunk) => chunk.model))).toEqual(new Set([model]));
      const usage = chunks.map((chunk) => chunk.usage).filter(Boolean);
      return {
        usage,
        text: chunks.map((chunk) => chunk.choices[0]?.delta.content ?? '').join(''),
        id: response.headers.get('x-request-id'),
      };
    };
    const [without, asked] = [await collect(false), await collect(true)];
    expect(without.usage).toEqual([]);
    expect(without.text).toBe(asked.text);
    expect((await rowOf(asked.id)).completionTokens).toBe(asked.usage.at(-1)!.completion_tokens);
    expect((await rowOf(without.id)).completionTokens).toBe(asked.usage.at(-1)!.completion_tokens);
  });

  test('reads whole characters from a stream cut into single bytes', async () => {
    const text = 'zażółć 🦊 漢字';
    await stack.control('near', { chunkBytes: 1 });
    const stream = await openai.chat.completions.create({
      model: models[0]!,
      messages: [{ role: 'user', content: `[[echo:${text}]]` }],
      stream: true,
    });
    const parts = await Array.fromAsync(stream);
    expect(parts.map((chunk) => chunk.choices[0]?.delta.content ?? '').join('')).toContain(text);
  });

  test('calls the tool it is told to', async () => {
    const tools = [
      {
        type: 'function' as const,
        function: {
          name: 'look',
          parameters: { type: 'object', properties: { at: { type: 'string' } }, required: ['at'] },
        },
      },
    ];
    const answer = await openai.chat.completions.create({
      model: models[0]!,
      messages: hello,
      tools,
      tool_choice: 'required',
    });
    const call = answer.choices[0]!.message.tool_calls![0]!;
    expect(call).toMatchObject({ type: 'function', function: { name: 'look' } });
    expect(JSON.parse(call.type === 'function' ? call.function.arguments : '')).toHaveProperty('at');
  });

  test('lists the models', async () => {
    const ids = (await openai.models.list()).data.map(({ id }) => id);
    expect(ids).toEqual(expect.arrayContaining([...models, 'vercel_gpt_4o', 'vercel_text_embedding_3_small']));
  });

  test('throws its own error classes', async () => {
    const stranger = new OpenAI({
      baseURL: `${stack.file.api}/v1`,
      apiKey: 'sk-ollm-aaaaaaaaaaaaaaaaaaaaaaaaa0ecfgzd',
      maxRetries: 0,
    });
    await expect(stranger.models.list()).rejects.toBeInstanceOf(AuthenticationError);
    await expect(openai.chat.completions.create({ model: 'near/GLM-4.7', messages: hello })).rejects.toBeInstanceOf(
      NotFoundError,
    );
    const bad = openai.chat.completions.create({ model: models[0]!, messages: hello, temperature: 9 });
    await expect(bad).rejects.toBeInstanceOf(BadRequestError);
    await expect(bad).rejects.toMatchObject({ param: 'temperature', code: 'invalid_request' });
  });
});

describe('the printed curl line', () => {
  test('answers', async () => {
    const line = printed.split('\n').find((text) => text.startsWith('curl'))!;
    const ended = await run('sh', ['-c', line]);
    expect(JSON.parse(ended.stdout)).toMatchObject({ object: 'chat.completion', model: 'near_qwen3_30b' });
  });
});

describe('a failing provider', () => {
  const ask = (stream: boolean) => stack.chat({ model: 'near_qwen3_30b', messages: hello, stream });

  test.each([
    [{ status: 429 }, 429, 'rate_limit_exceeded'],
    [{ status: 401 }, 502, 'provider_unavailable'],
    [{ status: 500 }, 502, 'provider_unavailable'],
    [{ status: 504 }, 504, 'provider_timeout'],
    [{ malformedChunk: 0 }, 502, 'provider_unavailable'],
  ])('with %j is told as %i %s, and has its usage row', async (state, status, code) => {
    await stack.control('near', state);
    const response = await ask(false);
    const requestId = response.headers.get('x-request-id');
    expect(await refusal(response)).toMatchObject({ status, code });
    expect((await rowOf(requestId)).outcome).toBe('failed');
  });

  test.each([[{ cutAfterChunks: 2 }], [{ malformedChunk: 2 }]])(
    'mid-stream with %j ends in an error event without [DONE]',
    async (state) => {
      await stack.control('near', state);
      const response = await ask(true);
      const text = await response.text();
      expect(text).not.toContain('[DONE]');
      expect(text).toContain('"code":"provider_unavailable"');
      expect(await rowOf(response.headers.get('x-request-id'))).toMatchObject({
        outcome: 'failed',
        completionTokens: 2,
      });
    },
  );

  test('that tells no usage still leaves a row with what was counted', async () => {
    await stack.control('near', { usage: 'none' });
    const response = await ask(true);
    expect(await response.text()).toContain('[DONE]');
    const row = await rowOf(response.headers.get('x-request-id'));
    expect(row).toMatchObject({ outcome: 'completed', countedBy: 'router' });
    expect(row.completionTokens).toBeGreaterThan(0);
  });
});

describe('a caller that leaves', () => {
  test('ends the generation upstream, and pays for what was produced', async () => {
    await stack.control('near', { chunkDelayMs: 30, usage: 'max' });
    const before = (await stack.received('near')).abortedRequests;
    const leaving = new AbortController();
    const body = { model: 'near_qwen3_30b', messages: hello, stream: true, max_tokens: 2_000 };
    const response = await stack.chat(body, { signal: leaving.signal });
    await response.body!.getReader().read();
    leaving.abort();
    await eventually(async () => expect((await stack.received('near')).abortedRequests).toBe(before + 1), 2_000);
    const row = await rowOf(response.headers.get('x-request-id'));
    expect(row.outcome).toBe('cancelled');
    expect(row.completionTokens).toBeLessThan(200);
  });
});

describe('keys', () => {
  test('are revoked at every gateway when the command returns', async () => {
    for (let round = 0; round < 3; round += 1) {
      const { id, key } = await createKey('--name', `round-${round}`);
      for (const api of stack.file.gateways)
        expect((await stack.chat({ model: models[0], messages: hello }, { key, api })).status).toBe(200);
      const ended = await stack.operator('keys', 'revoke', '--id', id, '--reason', 'leaked', '--json');
      expect(JSON.parse(ended.stdout)).toMatchObject({ id, state: 'revoked' });
      for (const api of stack.file.gateways) {
        expect(await refusal(await stack.chat({ model: models[0], messages: hello }, { key, api }))).toMatchObject({
          status: 401,
          code: 'key_revoked',
        });
      }
    }
  });

  test('run only what they are limited to', async () => {
    const teeOnly = await createKey('--name', 'tee-only', '--execution', 'tee_only');
    const listed = await createKey('--name', 'listed', '--models', 'vercel_gpt_4o');
    const ask = async (key: string, model: string) => refusal(await stack.chat({ model, messages: hello }, { key }));
    expect(await ask(teeOnly.key, 'vercel_gpt_4o')).toEqual({ status: 403, code: 'execution_policy', param: 'model' });
    expect(await ask(listed.key, 'near_qwen3_30b')).toEqual({ status: 403, code: 'model_not_allowed', param: 'model' });
    expect((await stack.chat({ model: 'vercel_gpt_4o', messages: hello }, { key: listed.key })).status).toBe(200);
    const seen = await new OpenAI({ baseURL: `${stack.file.api}/v1`, apiKey: listed.key }).models.list();
    expect(seen.data.map(({ id }) => id)).toEqual(['vercel_gpt_4o']);
  });

  test('end when they expire', async () => {
    const { key } = await createKey('--name', 'short', '--expires', new Date(Date.now() + 4_000).toISOString());
    expect((await stack.chat({ model: models[0], messages: hello }, { key })).status).toBe(200);
    await eventually(async () =>
      expect(await refusal(await stack.chat({ model: models[0], messages: hello }, { key }))).toMatchObject({
        status: 401,
        code: 'key_expired',
      }),
    );
  });

  test('are listed without a secret, and refused with a reason', async () => {
    const { key } = await createKey('--name', 'listed-once');
    const list = await stack.operator('keys', 'list', '--team', stack.file.demo.teamId, '--json');
    expect(list.stdout).toContain('listed-once');
    expect(list.stdout).not.toContain(key);
    const limits = ['--name', 'limited', '--budget-total', '5', '--rpm', '60', '--ip-allow', '203.0.113.0/24'];
    const limited = await createKey(...limits);
    expect(await refusal(await stack.chat({ model: models[0], messages: hello }, { key: limited.key }))).toMatchObject({
      status: 403,
      code: 'ip_not_allowed',
    });
    expect((await stack.operator('keys', 'create', '--team', 'team_nobody', '--name', 'x', '--json')).code).toBe(1);
    expect((await stack.operator('keys', 'create', '--nonsense')).code).toBe(2);
  });
});

describe('usage', () => {
  test('summary is the sum of the rows, and --since leaves out what was before', async () => {
    const rows = await stack.usage();
    const sum = (pick: (row: UsageRow) => number) => rows.reduce((total, row) => total + pick(row), 0);
    const summary = await stack.operator('usage', 'summary', '--team', stack.file.demo.teamId, '--json');
    expect(JSON.parse(summary.stdout)).toEqual({
      requests: rows.length,
      promptTokens: sum((row) => row.promptTokens),
      completionTokens: sum((row) => row.completionTokens),
      costNanoUsd: sum((row) => row.costNanoUsd),
      totalNanoUsd: String(sum((row) => row.costNanoUsd)),
    });
    const later = await stack.operator(
      'usage',
      'summary',
      '--team',
      stack.file.demo.teamId,
      '--since',
      new Date(Date.now() + 60_000).toISOString(),
      '--json',
    );
    expect(JSON.parse(later.stdout)).toMatchObject({ requests: 0 });
  });

  test('tail shows a request while it listens', async () => {
    const child = spawn('node', ['tools/operator.mjs', 'usage', 'tail', '--dir', stack.dir], {
      cwd: new URL('../..', import.meta.url),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let [out, err] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
    await eventually(() => expect(err).toContain('listening'));
    const response = await stack.chat({ model: models[0], messages: hello });
    await eventually(() => expect(out).toContain(response.headers.get('x-request-id')), 3_000);
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
  });
});

describe('billing', () => {
  const billing = async (verb: string, ...flags: string[]) => {
    const ended = await stack.operator('billing', verb, '--team', stack.file.demo.teamId, ...flags, '--json');
    return { code: ended.code, said: JSON.parse(ended.stdout) as Record<string, unknown> };
  };
  const funds = async () => BigInt((await billing('balance')).said.fundsNanoUsd as string);

  test('credits once for each key, refunds what is there, and both are in statement and audit log', async () => {
    const before = await funds();
    const credit = ['--amount', '2.50', '--reason', 'a test of credits', '--key', 'slice'];
    expect(await billing('credit', ...credit)).toMatchObject({ code: 0, said: { isNew: true } });
    expect(await billing('credit', ...credit)).toMatchObject({ code: 0, said: { isNew: false } });
    expect(await funds()).toBe(before + 2_500_000_000n);
    const tooMuch = await billing('refund', '--amount', '900000', '--reason', 'too much');
    expect(tooMuch).toMatchObject({ code: 1, said: { error: { code: 'insufficient_balance' } } });
    expect((await billing('refund', '--amount', '2.5', '--reason', 'a test of refunds')).code).toBe(0);
    const { said } = await billing('statement');
    const reasons = (said.money as { reason: string }[]).map(({ reason }) => reason);
    expect(new Set(reasons)).toEqual(
      new Set(['The demo team begins with this', 'a test of credits', 'a test of refunds']),
    );
    expect((await stack.operator('audit', 'verify')).code).toBe(0);
  });

  test('keeps books that agree with what was used, and reconcile says so', async () => {
    const { code, stdout } = await stack.operator('usage', 'reconcile');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^ok +team_demo balance revenue: \d+ nano-USD$/m);
    expect(stdout).not.toContain('DIFFERS');
  });
});

describe('nothing that was said', () => {
  test('is in any log, and no key either', async () => {
    const marker = 'canary-8c1f2e';
    await stack.chat({ model: models[0], messages: [{ role: 'user', content: `[[echo:${marker}]] ${marker}` }] });
    await stack.chat({ model: marker, messages: hello });
    await stack.chat({ model: models[0], messages: hello, [marker]: 1 }, { headers: { 'user-agent': marker } });
    await stack.control('near', { malformedChunk: 0 });
    await stack.chat({ model: models[0], messages: [{ role: 'user', content: marker }] });
    await eventually(async () => expect((await stack.received('near')).openRequests).toBe(0));
    const logs = stack.logs();
    expect(logs.length).toBeGreaterThan(1_000);
    expect(logs).not.toContain(marker);
    expect(logs).not.toContain(stack.file.demo.key);
    expect(logs).not.toContain(stack.file.opsToken);
  });
});
