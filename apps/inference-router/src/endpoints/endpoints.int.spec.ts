import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { startService } from '@orgn/service-kit';
import { costNanoUsd } from '@orgn/pricing';
import { eventually, startRouterBench, type RouterBench } from '@orgn/testing';
import { v7 as uuidv7 } from 'uuid';
import { inferenceRouter } from '../service.ts';

const shipped = readFileSync(new URL('../../../../models.yaml', import.meta.url), 'utf8');
const more = (id: string, upstream: string, type: string) =>
  `- { id: ${id}, provider: ${id.split('_')[0]!}, upstream: ${upstream}, execution: ${id.startsWith('vercel') ? 'zdr' : 'operator'}, type: ${type}, context: 1000, maxOutput: ${type === 'chat' ? 100 : 0}, defaultOutput: ${type === 'chat' ? 10 : 0}, price: { input: "1", output: "2", cachedInput: "0.1", reasoning: "3", audioSecond: "0.001", request: "0.01" } }\n`;
const models = [
  shipped,
  more('local_chat', 'chat', 'chat'),
  more('local_rerank', 'rerank', 'rerank'),
  more('local_whisper', 'whisper', 'transcription'),
  more('vercel_chat_bare', 'acme/chat-no-zdr', 'chat'),
  more('vercel_embedding_bare', 'acme/embedding-no-zdr', 'embedding'),
  more('vercel_rerank_bare', 'acme/rerank-no-zdr', 'rerank'),
].join('\n');
const hello = { model: 'near_qwen3_30b', messages: [{ role: 'user', content: 'Hello' }] };

let bench: RouterBench;
beforeAll(async () => {
  const start = (environment: Record<string, string>) => startService(inferenceRouter, environment);
  bench = await startRouterBench({ start, models }, uuidv7);
});
beforeEach(() => bench.forget());
afterEach(async () => {
  for (const name of ['near', 'vercel', 'local']) await bench.providers.control(name, {});
});
afterAll(() => bench.stop());

const word = async () => {
  await eventually(() => expect(bench.events).toHaveLength(1));
  const { data } = bench.events[0]!;
  // Whatever was asked for: the word has all that its cost depends on.
  expect(costNanoUsd(data, data.price!)).toBe(data.costNanoUsd);
  return data;
};
const wav = (seconds: number) => {
  const file = Buffer.alloc(44 + seconds * 16_000);
  file.write('RIFF', 0, 'latin1');
  file.write('WAVEfmt ', 8, 'latin1');
  file.writeUInt32LE(16_000, 28);
  return file;
};
const formOf = (fields: Record<string, string>) => {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  form.set('file', new Blob([new Uint8Array(wav(12))]), 'speech.wav');
  return form;
};

describe('every endpoint', () => {
  test.each([
    ['/chat/completions', { ...hello, model: 'local_chat' }],
    ['/completions', { model: 'local_chat', prompt: 'Once' }],
    ['/embeddings', { model: 'vercel_text_embedding_3_small', input: ['a', 'b'] }],
    ['/embeddings', { model: 'vercel_text_embedding_3_small', input: [[1, 2, 3], [4]] }],
    ['/rerank', { model: 'local_rerank', query: 'red', documents: ['a red house', { text: 'a tree' }] }],
    ['/responses', { model: 'local_chat', input: 'Hello' }],
    ['/messages', { model: 'local_chat', messages: hello.messages, max_tokens: 20 }],
  ])('%s answers with what executed and what it cost, under the id that was asked for', async (path, body) => {
    const response = await bench.ask(path, body);
    const answer = (await response.json()) as { model?: string };
    expect(response.status).toBe(200);
    const data = await word();
    expect(data).toMatchObject({ outcome: 'completed', countedBy: 'provider', model: body.model });
    expect(data.costNanoUsd).toBeGreaterThan(0);
    expect(response.headers.get('x-ollm-cost')).toBe((data.costNanoUsd / 1e9).toFixed(9));
    expect(response.headers.get('x-ollm-model')).toBe(body.model);
    expect(response.headers.get('x-ollm-execution')).toBe(data.execution);
    expect(answer.model).toBe(body.model);
  });

  test.each([
    ['/chat/completions', { ...hello, model: 'vercel_text_embedding_3_small' }, 'chat', 'near_qwen3_30b'],
    ['/embeddings', { model: 'near_qwen3_30b', input: 'a' }, 'embeddings', 'vercel_text_embedding_3_small'],
    ['/rerank', { model: 'near_qwen3_30b', query: 'a', documents: ['b'] }, 'rerank', 'vercel_rerank_2_5'],
    ['/completions', { model: 'vercel_gpt_4o', prompt: 'a' }, 'completions', 'near_qwen3_30b'],
    ['/responses', { model: 'vercel_rerank_2_5', input: 'a' }, 'chat', 'near_qwen3_30b'],
    ['/messages', { model: 'vercel_rerank_2_5', messages: hello.messages, max_tokens: 9 }, 'chat', 'near_qwen3_30b'],
    [
      '/chat/completions',
      { ...hello, messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url: 'data:' } }] }] },
      'vision',
      'vercel_gpt_4o',
    ],
  ])('%s tells a caller whose model cannot which models can', async (path, body, capability, able) => {
    const response = await bench.ask(path, body);
    const error = (await response.json()) as { code: string; message: string; param: string };
    expect(response.status).toBe(400);
    expect(error).toMatchObject({ code: 'capability_not_supported', param: 'model' });
    expect(error.message).toContain(`"${capability}"`);
    expect(error.message).toContain(able);
  });

  test.each([
    ['/chat/completions', { ...hello, model: 'vercel_chat_bare' }],
    ['/responses', { model: 'vercel_chat_bare', input: 'a' }],
    ['/messages', { model: 'vercel_chat_bare', messages: hello.messages, max_tokens: 9 }],
    ['/embeddings', { model: 'vercel_embedding_bare', input: 'a' }],
    ['/rerank', { model: 'vercel_rerank_bare', query: 'a', documents: ['b'] }],
  ])('%s carries the zero-retention flag to vercel, so that a model without it is unavailable', async (path, body) => {
    const response = await bench.ask(path, body);
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({ code: 'zdr_unavailable' });
  });

  test.each([
    ['/chat/completions', { ...hello, max_tokens: 20_000 }],
    ['/completions', { model: 'near_qwen3_30b', prompt: 'a', max_tokens: 20_000 }],
    ['/responses', { model: 'near_qwen3_30b', input: 'a', max_output_tokens: 20_000 }],
    ['/messages', { model: 'near_qwen3_30b', messages: hello.messages, max_tokens: 20_000 }],
  ])('%s lowers a limit above the model’s output to it, and says so', async (path, body) => {
    const response = await bench.ask(path, body);
    expect([response.status, response.headers.get('x-ollm-max-tokens')]).toEqual([200, '16384']);
  });
});

describe('a transcription', () => {
  test.each(['json', 'verbose_json', 'text', 'srt', 'vtt'])(
    'as %s costs its seconds, begun ones whole',
    async (format) => {
      const response = await bench.ask(
        '/audio/transcriptions',
        formOf({ model: 'local_whisper', response_format: format }),
      );
      expect(response.status).toBe(200);
      const isJson = format.endsWith('json');
      expect(response.headers.get('content-type')).toMatch(isJson ? /^application\/json/ : /^text\/plain/);
      const text = await response.text();
      expect(isJson ? (JSON.parse(text) as { text: string }).text : text).toMatch(/\w/);
      const data = await word();
      expect(data).toMatchObject({ audioSeconds: 12, costNanoUsd: 12 * 1_000_000 + 10_000_000 });
      expect(data.countedBy).toBe(format === 'srt' || format === 'vtt' ? 'router' : 'provider');
      expect(response.headers.get('x-ollm-translated')).toBe(format === 'text' ? 'true' : null);
    },
  );

  test("as .NET, Retrofit and Java's mail library write forms is written anew for the provider", async () => {
    const parts = [
      ["content-disposition: form-data; name=file; filename=a.wav; filename*=utf-8''a.wav", '', 'RIFF'],
      ['Content-Transfer-Encoding: binary', 'Content-Disposition: form-data; name="model"', '', 'local_whisper'],
      ['Content-Disposition: form-data;', '\tname="prompt"', 'Content-Length: 2', '', 'Hi'],
    ];
    const lines = ['A preamble.', ...parts.flatMap((part) => ['--a=b ', ...part]), '--a=b--', 'An epilogue.'];
    const headers = { 'content-type': 'multipart/form-data; charset=utf-8; boundary="a=b"' };
    const response = await bench.ask('/audio/transcriptions', lines.join('\r\n'), { headers });
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ text: expect.stringMatching(/\w/) });
  });

  test('whose length the provider does not tell costs what the file says', async () => {
    await bench.providers.control('local', { usage: 'none' });
    await (await bench.ask('/audio/transcriptions', formOf({ model: 'local_whisper' }))).text();
    expect(await word()).toMatchObject({ audioSeconds: 12, countedBy: 'router' });
  });
});

describe('what a provider tells of its tokens', () => {
  test('decides the price of each class, and is recorded', async () => {
    await bench.providers.control('local', { cachedTokens: 2, reasoningTokens: 3 });
    const response = await bench.ask('/chat/completions', { ...hello, model: 'local_chat', max_tokens: 8 });
    await response.text();
    const data = await word();
    expect(data).toMatchObject({ cachedTokens: 2, reasoningTokens: 3, completionTokens: 8 });
    const prompt = (data.promptTokens - 2) * 1_000 + 2 * 100;
    expect(data.costNanoUsd).toBe(prompt + 5 * 2_000 + 3 * 3_000 + 10_000_000);
  });

  test.each(['/embeddings', '/rerank'])(
    'is estimated on %s when it tells nothing, so that nothing is free',
    async (path) => {
      await bench.providers.control('vercel', { usage: 'none' });
      await bench.providers.control('local', { usage: 'none' });
      const body =
        path === '/rerank'
          ? { model: 'local_rerank', query: 'Which one of these?', documents: ['This one.', 'That one.'] }
          : { model: 'vercel_text_embedding_3_small', input: 'A few words, or rather more.' };
      await (await bench.ask(path, body)).text();
      const data = await word();
      expect(data).toMatchObject({ countedBy: 'router', completionTokens: 0 });
      expect(data.promptTokens).toBeGreaterThan(5);
    },
  );

  test('in search units leaves the tokens to our own count', async () => {
    await (await bench.ask('/rerank', { model: 'vercel_rerank_2_5', query: 'a', documents: ['b'] })).text();
    const data = await word();
    expect(data.promptTokens).toBeGreaterThan(0);
    expect(data.costNanoUsd).toBeGreaterThan(0);
  });
});

describe('a stream of plain completions', () => {
  const asked = { model: 'near_qwen3_30b', prompt: 'Once', stream: true };

  test("is charged by the provider's figures, which are shown only when asked for", async () => {
    const text = await (await bench.ask('/completions', asked)).text();
    expect(text).not.toContain('"usage"');
    expect(text).toContain('"model":"near_qwen3_30b"');
    const shown = await (await bench.ask('/completions', { ...asked, stream_options: { include_usage: true } })).text();
    expect(shown).toContain('"usage"');
    await eventually(() => expect(bench.events).toHaveLength(2));
    for (const { data } of bench.events) expect(data).toMatchObject({ countedBy: 'provider', outcome: 'completed' });
  });
});

describe('an estimate', () => {
  test('counts a picture by the piece, not by its bytes', async () => {
    await bench.providers.control('vercel', { cutAfterChunks: 2 });
    const url = `data:image/png;base64,${'A'.repeat(1_000_000)}`;
    const content = [{ type: 'image_url', image_url: { url } }];
    await (
      await bench.ask('/chat/completions', {
        model: 'vercel_gpt_4o',
        stream: true,
        messages: [{ role: 'user', content }],
      })
    ).text();
    const data = await word();
    expect(data).toMatchObject({ countedBy: 'router', images: 1 });
    expect(data.promptTokens).toBeGreaterThan(1_000);
    expect(data.promptTokens).toBeLessThan(1_100);
  });
});

describe('usage.cost', () => {
  test.each([
    ['near', { ...hello, usage: { include: true } }],
    ['vercel', { ...hello, model: 'vercel_gpt_4o', usage: { include: true } }],
  ])('is what the caller pays when it is asked for, on %s', async (_name, body) => {
    const answer = (await (await bench.ask('/chat/completions', body)).json()) as { usage: { cost: number } };
    expect(answer.usage.cost).toBe((await word()).costNanoUsd / 1e9);
  });

  test('stands in the last chunk of a stream', async () => {
    const text = await (
      await bench.ask('/chat/completions', { ...hello, stream: true, usage: { include: true } })
    ).text();
    const cost = /"cost":([\d.]+)/.exec(text)?.[1];
    expect(Number(cost)).toBe((await word()).costNanoUsd / 1e9);
  });

  test("is never the provider's own, which is what the operator pays", async () => {
    const answer = (await (await bench.ask('/chat/completions', { ...hello, model: 'vercel_gpt_4o' })).json()) as {
      usage: { cost: number };
    };
    expect(answer.usage.cost).toBe((await word()).costNanoUsd / 1e9);
  });
});

describe('translated streams', () => {
  test('of responses have their events in order, completed ones last, and say that they are translated', async () => {
    const response = await bench.ask('/responses', { model: 'near_qwen3_30b', input: 'Hello', stream: true });
    expect(response.headers.get('x-ollm-translated')).toBe('true');
    const types = [...(await response.text()).matchAll(/^event: (\S+)$/gm)].map(([, type]) => type);
    expect(types.slice(0, 2)).toEqual(['response.created', 'response.in_progress']);
    expect(types.at(-1)).toBe('response.completed');
    expect(await word()).toMatchObject({ outcome: 'completed', countedBy: 'provider', streamed: true });
  });

  test('of messages end with message_stop, and with the usage before it', async () => {
    const body = { model: 'near_qwen3_30b', messages: hello.messages, max_tokens: 20, stream: true };
    const text = await (await bench.ask('/messages', body)).text();
    const types = [...text.matchAll(/^event: (\S+)$/gm)].map(([, type]) => type);
    expect(types[0]).toBe('message_start');
    expect(types.slice(-2)).toEqual(['message_delta', 'message_stop']);
    expect(text).toContain(`"output_tokens":${(await word()).completionTokens}`);
  });

  test.each([
    ['/responses', { model: 'near_qwen3_30b', input: 'Hello', stream: true }, 'error', 'response.completed'],
    [
      '/messages',
      { model: 'near_qwen3_30b', messages: hello.messages, max_tokens: 20, stream: true },
      'error',
      'message_stop',
    ],
  ])('of %s that break off end with an error event of their own kind', async (path, body, last, never) => {
    await bench.providers.control('near', { cutAfterChunks: 3 });
    const types = [...(await (await bench.ask(path, body)).text()).matchAll(/^event: (\S+)$/gm)].map(
      ([, type]) => type,
    );
    expect(types.at(-1)).toBe(last);
    expect(types).not.toContain(never);
    expect(await word()).toMatchObject({ outcome: 'failed', completionTokens: 3 });
  });
});
