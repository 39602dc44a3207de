import { once } from 'node:events';
import { hash } from 'node:crypto';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { RunningSimulator, chunksOf, dataOf, eventually, makeChat } from '../testing/running-simulator.ts';

let simulator: RunningSimulator;
beforeAll(async () => {
  simulator = await RunningSimulator.start();
});
beforeEach(() => simulator.reset());
afterAll(() => simulator.stop());

const streamed = makeChat({ stream: true, stream_options: { include_usage: true } });

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** Reads a stream until it breaks off. */
async function readBroken(response: Response): Promise<string> {
  let text = '';
  const decoder = new TextDecoder();
  await expect(
    (async () => {
      for await (const part of response.body ?? []) text += decoder.decode(part as Uint8Array, { stream: true });
    })(),
  ).rejects.toThrow();
  return text;
}

describe('PUT /control/{provider}', () => {
  test.each([
    [{ delayMs: -1 }, 'delayMs'],
    [{ chunkDelayMs: '5' }, 'chunkDelayMs'],
    [{ status: 200 }, 'status'],
    [{ hang: 'forever' }, 'hang'],
    [{ usage: 'some' }, 'usage'],
    [{ chunkBytes: 0 }, 'chunkBytes'],
    [{ delay: 5 }, 'delay'],
  ])('refuses %j and names the field', async (state, param) => {
    const response = await simulator.put('near', state);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { param } });
  });

  test('replaces the state of that provider only, and {} resets it', async () => {
    expect(await (await simulator.put('near', { status: 503, delayMs: 1 })).json()).toEqual({
      status: 503,
      delayMs: 1,
    });
    expect(await (await simulator.put('near', { status: 500 })).json()).toEqual({ status: 500 });
    expect(await (await fetch(`${simulator.url}/control/near`)).json()).toEqual({ status: 500 });
    expect((await simulator.post('phala', makeChat())).status).toBe(200);
    await simulator.put('near', {});
    expect((await simulator.post('near', makeChat())).status).toBe(200);
  });

  test('knows no other provider', async () => {
    expect((await fetch(`${simulator.url}/control/nobody`, { method: 'PUT', body: '{}' })).status).toBe(404);
  });
});

describe('a control state', () => {
  test('answers a status in the provider envelope, with retry-after, so many times', async () => {
    await simulator.put('vercel', { status: 429, retryAfter: 7, times: 2 });
    const refused = await simulator.post('vercel', makeChat());
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '7']);
    expect(await refused.json()).toMatchObject({ error: { type: 'rate_limit_exceeded' } });
    expect((await simulator.post('vercel', { model: 'e', input: 'a' }, { path: 'embeddings' })).status).toBe(429);
    expect((await simulator.post('vercel', makeChat())).status).toBe(200);
    expect(await simulator.received('vercel')).toMatchObject({ requests: 3, failed: 2, completed: 1 });
  });

  test('keeps its pace when the times of its faults are over', async () => {
    await simulator.put('near', { status: 500, times: 1, delayMs: 60 });
    await simulator.post('near', makeChat());
    const waited = await timed(async () => expect((await simulator.post('near', makeChat())).status).toBe(200));
    expect(waited).toBeGreaterThan(55);
  });

  test('delays the headers', async () => {
    await simulator.put('near', { delayMs: 80 });
    expect(await timed(() => simulator.post('near', makeChat()))).toBeGreaterThan(75);
  });

  test.each([streamed, makeChat()])('sends the headers at once and the first byte late', async (body) => {
    await simulator.put('near', { slowFirstByteMs: 300 });
    let response: Response | undefined;
    const untilHead = await timed(async () => (response = await simulator.post('near', body)));
    expect(untilHead).toBeLessThan(250);
    expect(await timed(async () => response?.text())).toBeGreaterThan(298 - untilHead);
  });

  test('paces the tokens of a stream', async () => {
    await simulator.put('near', { chunkDelayMs: 10 });
    const body = { ...streamed, max_tokens: 8 };
    expect(await timed(async () => (await simulator.post('near', body)).text())).toBeGreaterThan(75);
  });

  test.each([0, 1, 5])('cuts a stream after %d tokens', async (cutAfterChunks) => {
    await simulator.put('phala', { cutAfterChunks });
    const text = await readBroken(await simulator.post('phala', streamed));
    const contents = dataOf(text).filter((data) => /"content":"[^"]/.test(data));
    expect(contents).toHaveLength(cutAfterChunks);
    expect(text).not.toContain('[DONE]');
    const received = await simulator.received('phala');
    expect(received).toMatchObject({ failed: 1, completionTokens: cutAfterChunks });
    expect(received.generations[0]).toMatchObject({ finished: false, deliveredChunks: cutAfterChunks });
  });

  test('cuts a stream after its last token', async () => {
    await simulator.put('phala', { cutAfterChunks: 3 });
    expect(await readBroken(await simulator.post('phala', { ...streamed, max_tokens: 3 }))).not.toContain('"length"');
  });

  test('cuts a plain answer after its headers', async () => {
    await simulator.put('phala', { cutAfterChunks: 3 });
    const response = await simulator.post('phala', makeChat());
    expect(response.status).toBe(200);
    expect(await readBroken(response)).toBe('');
    expect(await simulator.received('phala')).toMatchObject({ failed: 1, completionTokens: 0 });
  });

  test.each([true, 'headers'])('hangs before the headers with %j', async (hang) => {
    await simulator.put('near', { hang });
    const signal = AbortSignal.timeout(100);
    await expect(simulator.post('near', makeChat(), { signal })).rejects.toThrow('timeout');
  });

  test.each([streamed, makeChat()])('hangs after the headers', async (body) => {
    await simulator.put('near', { hang: 'body' });
    const response = await simulator.post('near', body, { signal: AbortSignal.timeout(100) });
    expect(response.status).toBe(200);
    expect(await readBroken(response)).toBe('');
  });

  test('breaks the JSON of one chunk and of no other', async () => {
    await simulator.put('near', { malformedChunk: 2 });
    const data = dataOf(await (await simulator.post('near', streamed)).text()).slice(0, -1);
    const isBroken = data.map((text) => {
      try {
        return JSON.parse(text) === undefined;
      } catch {
        return true;
      }
    });
    // The chunk with the role comes first.
    expect(isBroken.indexOf(true)).toBe(3);
    expect(isBroken.lastIndexOf(true)).toBe(3);
  });

  test('breaks the JSON of a plain answer', async () => {
    await simulator.put('near', { malformedChunk: 0 });
    const text = await (await simulator.post('near', makeChat())).text();
    expect(() => JSON.parse(text) as unknown).toThrow();
  });

  test('answers as long as allowed', async () => {
    await simulator.put('near', { usage: 'max' });
    const response = await simulator.post('near', makeChat({ max_tokens: 3000 }));
    expect(await response.json()).toMatchObject({
      usage: { completion_tokens: 3000 },
      choices: [{ finish_reason: 'length' }],
    });
  });

  test.each(['near', 'phala', 'vercel', 'local'] as const)('does not tell the usage of %s', async (provider) => {
    await simulator.put(provider, { usage: 'none' });
    expect(await (await simulator.post(provider, makeChat())).json()).not.toHaveProperty('usage');
    const chunks = chunksOf(await (await simulator.post(provider, streamed)).text());
    expect(chunks.some((chunk) => chunk.usage)).toBe(false);
    expect((await simulator.received(provider)).completionTokens).toBeGreaterThan(0);
  });

  test.each([1, 7, 100])('writes pieces of %d bytes that split events and characters', async (chunkBytes) => {
    const body = { ...streamed, messages: [{ role: 'user', content: '[[echo:Grüße 👋 日本語]]' }] };
    const whole = await (await simulator.post('near', body)).text();
    await simulator.put('near', { chunkBytes });
    const response = await simulator.post('near', body);
    const parts: Uint8Array[] = [];
    for await (const part of response.body ?? []) parts.push(part as Uint8Array);
    expect(parts.length).toBeGreaterThan(whole.length / chunkBytes / 20);
    const withoutIds = (text: string) => text.replace(/chatcmpl-\w+|"created":\d+/g, '');
    expect(withoutIds(Buffer.concat(parts).toString())).toBe(withoutIds(whole));
  });
});

describe('GET /control/received', () => {
  test('agrees with what each answer said', async () => {
    const answers = await Promise.all(
      Array.from({ length: 20 }, async (_, seed) => {
        const response = await simulator.post('local', makeChat({ seed }));
        return (await response.json()) as { id: string; usage: { prompt_tokens: number; completion_tokens: number } };
      }),
    );
    const received = await simulator.received('local');
    const sum = (name: 'prompt_tokens' | 'completion_tokens') =>
      answers.reduce((total, answer) => total + answer.usage[name], 0);
    expect(received).toMatchObject({
      requests: 20,
      completed: 20,
      openRequests: 0,
      promptTokens: sum('prompt_tokens'),
      completionTokens: sum('completion_tokens'),
    });
    const generation = received.generations.find((one) => one.id === answers[3]?.id);
    expect(generation).toMatchObject({ finished: true, completionTokens: answers[3]?.usage.completion_tokens });
  });

  test('keeps digests of the last 20 bodies and nothing of what was said', async () => {
    for (let seed = 0; seed < 21; seed += 1) {
      await simulator.post('near', makeChat({ seed, messages: [{ role: 'user', content: 'hidden-4711' }] }));
    }
    const { lastBodiesSha256 } = await simulator.received('near');
    expect(lastBodiesSha256).toHaveLength(20);
    const last = makeChat({ seed: 20, messages: [{ role: 'user', content: 'hidden-4711' }] });
    expect(lastBodiesSha256.at(-1)).toBe(hash('sha256', JSON.stringify(last)));
    expect(await (await fetch(`${simulator.url}/control/received`)).text()).not.toMatch(/hidden|Bearer|"test"/);
  });

  test('counts a client that leaves in the middle of a stream, and the tokens sent to it', async () => {
    await simulator.put('vercel', { chunkDelayMs: 5 });
    const leave = new AbortController();
    const response = await simulator.post('vercel', { ...streamed, max_tokens: 40 }, { signal: leave.signal });
    const reader = response.body?.getReader();
    await reader?.read();
    expect(await simulator.received('vercel')).toMatchObject({ openRequests: 1, abortedRequests: 0 });
    leave.abort();
    await eventually(async () => (await simulator.received('vercel')).abortedRequests === 1);
    const received = await simulator.received('vercel');
    expect(received.openRequests).toBe(0);
    expect(received.completionTokens).toBe(received.generations[0]?.deliveredChunks);
    expect(received.generations[0]).toMatchObject({ finished: false });
  });

  test.each([{ hang: 'headers' }, { hang: 'body' }, { delayMs: 60_000 }, { slowFirstByteMs: 60_000 }])(
    'notices at once that the client left during %j',
    async (state) => {
      await simulator.put('near', state);
      const leave = new AbortController();
      const asked = simulator.post('near', streamed, { signal: leave.signal }).then((response) => response.text());
      await eventually(async () => (await simulator.received('near')).openRequests === 1);
      leave.abort();
      await expect(asked).rejects.toThrow();
      await eventually(async () => (await simulator.received('near')).abortedRequests === 1);
      expect((await simulator.received('near')).openRequests).toBe(0);
    },
  );

  test('counts a client that leaves before its request is complete', async () => {
    const socket = await openRequest('content-length: 100\r\n\r\n{"model"');
    await eventually(async () => (await simulator.received('near')).openRequests === 1);
    socket.destroy();
    await eventually(async () => (await simulator.received('near')).abortedRequests === 1);
  });

  test('stops producing for a client that does not read', async () => {
    await simulator.put('near', { usage: 'max' });
    const body = JSON.stringify({ ...streamed, max_tokens: 100_000 });
    const socket = await openRequest(`content-length: ${body.length}\r\n\r\n${body}`);
    socket.pause();
    await eventually(async () => (await simulator.received('near')).completionTokens > 0);
    await new Promise((done) => setTimeout(done, 100));
    const { completionTokens } = await simulator.received('near');
    expect(completionTokens).toBeLessThan(100_000);
    socket.destroy();
    await eventually(async () => (await simulator.received('near')).abortedRequests === 1);
  });

  test('starts again after a reset and keeps what is still open in sight', async () => {
    await simulator.put('near', { hang: true });
    const leave = new AbortController();
    const asked = simulator.post('near', makeChat(), { signal: leave.signal });
    await eventually(async () => (await simulator.received('near')).openRequests === 1);
    await simulator.reset();
    expect(await simulator.received('near')).toMatchObject({ requests: 0, openRequests: 1 });
    leave.abort();
    await expect(asked).rejects.toThrow();
    await eventually(async () => (await simulator.received('near')).openRequests === 0);
    expect(await simulator.received('near')).toMatchObject({ requests: 0, abortedRequests: 0 });
  });
});

describe('a request body', () => {
  test('is refused beyond 32 MiB', async () => {
    const response = await simulator.post('near', '', { body: Buffer.alloc(32 * 1024 * 1024 + 1, ' ') });
    expect(response.status).toBe(413);
  });
});

async function openRequest(rest: string): Promise<Socket> {
  const { hostname, port } = new URL(simulator.url);
  const socket = connect(Number(port), hostname);
  await once(socket, 'connect');
  socket.write(`POST /near/v1/chat/completions HTTP/1.1\r\nhost: x\r\nauthorization: Bearer x\r\n${rest}`);
  return socket;
}
