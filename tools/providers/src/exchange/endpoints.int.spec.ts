import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { RunningSimulator, chunksOf, dataOf, makeChat } from '../testing/running-simulator.ts';

let simulator: RunningSimulator;
beforeAll(async () => {
  simulator = await RunningSimulator.start();
});
beforeEach(() => simulator.reset());
afterAll(() => simulator.stop());

/** A WAV file of so many seconds of silence. */
function wav(seconds: number): Buffer {
  const file = Buffer.alloc(44 + seconds * 16_000);
  file.write('RIFF', 0, 'latin1');
  file.write('WAVEfmt ', 8, 'latin1');
  file.writeUInt32LE(16_000, 28);
  return file;
}

function transcribe(fields: Record<string, string>, file: Buffer = wav(12)): Promise<Response> {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  form.set('file', new Blob([new Uint8Array(file)]), 'speech.wav');
  return fetch(`${simulator.url}/near/v1/audio/transcriptions`, {
    method: 'POST',
    headers: { authorization: 'Bearer test' },
    body: form,
  });
}

describe('completions', () => {
  const post = (overrides: object) =>
    simulator.post('near', { model: 'm', prompt: 'Once', ...overrides }, { path: 'completions' });

  test('answers in the form of the older endpoint, sixteen tokens unless asked otherwise', async () => {
    expect(await (await post({})).json()).toMatchObject({
      object: 'text_completion',
      choices: [{ index: 0, text: expect.any(String) }],
      usage: { completion_tokens: 16 },
    });
  });

  test.each([[['a', 'b']], [[[1, 2], [3]]]])('has n choices for each of the prompts %j', async (prompt) => {
    const answer = (await (await post({ prompt, n: 2 })).json()) as { choices: object[] };
    expect(answer.choices).toHaveLength(4);
  });

  test('streams the text of the plain answer, and its usage when asked', async () => {
    const plain = (await (await post({})).json()) as { choices: { text: string }[] };
    const text = await (await post({ stream: true, stream_options: { include_usage: true } })).text();
    const chunks = chunksOf(text) as unknown as { choices: { text: string }[]; usage?: object }[];
    expect(chunks.map(({ choices }) => choices[0]?.text ?? '').join('')).toBe(plain.choices[0]?.text);
    expect(chunks.at(-1)?.usage).toMatchObject({ completion_tokens: 16 });
    expect(dataOf(text).at(-1)).toBe('[DONE]');
  });
});

describe('rerank', () => {
  const request = { model: 'm', query: 'red river', documents: ['a blue house', { text: 'the red river' }, 'a tree'] };
  const post = (provider: 'near' | 'vercel', overrides: object = {}) =>
    simulator.post(provider, { ...request, ...overrides }, { path: 'rerank' });

  test('puts the document that shares the most words first, and gives documents only when asked', async () => {
    const answer = (await (await post('near', { top_n: 2 })).json()) as { results: { index: number }[] };
    expect(answer.results.map(({ index }) => index)[0]).toBe(1);
    expect(answer.results).toHaveLength(2);
    expect(answer.results[0]).not.toHaveProperty('document');
    const shown = (await (await post('near', { return_documents: true })).json()) as { results: object[] };
    expect(shown.results[0]).toMatchObject({ document: { text: 'the red river' } });
  });

  test('counts tokens on most providers and search units on vercel', async () => {
    expect(await (await post('near')).json()).toMatchObject({ usage: { total_tokens: expect.any(Number) } });
    expect(await (await post('vercel')).json()).toMatchObject({ meta: { billed_units: { search_units: 1 } } });
  });
});

describe('audio/transcriptions', () => {
  test('hears the same words in the same file, in every format, and tells the length', async () => {
    const { text, usage } = (await (await transcribe({ model: 'm' })).json()) as { text: string; usage: object };
    expect(usage).toEqual({ type: 'duration', seconds: 12 });
    expect(await (await transcribe({ model: 'm', response_format: 'text' })).text()).toBe(`${text}\n`);
    expect(await (await transcribe({ model: 'm', response_format: 'srt' })).text()).toContain('00:00:12,000');
    expect(await (await transcribe({ model: 'm', response_format: 'vtt' })).text()).toMatch(/^WEBVTT\n\n00:00:00.000/);
    expect(await (await transcribe({ model: 'm', response_format: 'verbose_json' })).json()).toMatchObject({
      text,
      duration: 12,
    });
  });

  test.each([
    [{}, 'model'],
    [{ model: 'm', response_format: 'pdf' }, 'response_format'],
  ])('refuses %j', async (fields, param) => {
    const response = await transcribe(fields);
    expect(response.status).toBe(400);
    expect(await response.text()).toContain(param);
  });

  test('refuses a form without a file and a body that is no form', async () => {
    expect((await transcribe({ model: 'm' }, Buffer.alloc(0))).status).toBe(400);
    expect((await simulator.post('near', {}, { path: 'audio/transcriptions' })).status).toBe(400);
  });
});

describe('what a control state tells of an answer', () => {
  test.each(['near', 'phala', 'vercel', 'local'] as const)('%s says how much was cached and thought', async (name) => {
    await simulator.put(name, { cachedTokens: 2, reasoningTokens: 3 });
    const plain = (await (await simulator.post(name, makeChat({ max_tokens: 8 }))).json()) as { usage: object };
    const expected = {
      completion_tokens: 8,
      prompt_tokens_details: expect.objectContaining({ cached_tokens: 2 }),
      completion_tokens_details: expect.objectContaining({ reasoning_tokens: 3 }),
    };
    expect(plain.usage).toMatchObject(expected);
    const options = { stream: true, stream_options: { include_usage: true }, max_tokens: 8 };
    const text = await (await simulator.post(name, makeChat(options))).text();
    expect(chunksOf(text).findLast(({ usage }) => usage)?.usage).toMatchObject(expected);
    expect(text.match(/"reasoning(_content)?":"[^"]/g)).toHaveLength(3);
  });

  test('names the kind of a refusal', async () => {
    await simulator.put('local', { status: 429, errorType: 'insufficient_quota' });
    const response = await simulator.post('local', makeChat());
    expect(await response.json()).toMatchObject({ error: { type: 'insufficient_quota' } });
  });

  test.each(['near', 'phala', 'vercel', 'local'] as const)('%s quotes what was asked in its errors', async (name) => {
    const asked = { messages: [{ role: 'user', content: 'Where is Bern?' }] };
    for (const state of [{ status: 400 }, { status: 429 }, { status: 400, odd: ['fastapi'] }, { odd: ['error200'] }]) {
      await simulator.put(name, { ...state, quotes: true });
      expect(await (await simulator.post(name, makeChat(asked))).text()).toContain('Where is Bern?');
      await simulator.put(name, state);
      expect(await (await simulator.post(name, makeChat(asked))).text()).not.toContain('Bern');
    }
    await simulator.put(name, { odd: ['errorlate'], quotes: true });
    expect(await (await simulator.post(name, makeChat({ ...asked, stream: true }))).text()).toContain('Where is Bern?');
    await simulator.put(name, { status: 500, quotes: true });
    const embedded = await simulator.post(name, { model: 'm', input: ['a', 'Bern'] }, { path: 'embeddings' });
    expect(await embedded.text()).toContain('a\\nBern');
  });

  test("says that vercel used somebody else's credential", async () => {
    await simulator.put('vercel', { credentialType: 'byok' });
    expect(await (await simulator.post('vercel', makeChat())).text()).toContain('"credentialType":"byok"');
  });

  test('changes the bytes of answers, each in its own way, and the same way again for the same seed', async () => {
    const answer = async () => Buffer.from(await (await simulator.post('near', makeChat())).arrayBuffer());
    const whole = await answer();
    const take = async () => {
      await simulator.put('near', { mutate: 7 });
      return [await answer(), await answer(), await answer()];
    };
    const [first, again] = [await take(), await take()];
    expect(new Set([...first, whole].map((body) => body.toString('base64'))).size).toBe(4);
    // Ids are new in each answer, and as long as ever.
    expect(again.map((body) => body.length)).toEqual(first.map((body) => body.length));
  });
});
