/** @jest-environment node */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Desk } from './desk.ts';
import type { Answer } from './conversation.ts';

const model = { id: 'near_a', parameters: [], capabilities: ['chat', 'tools'] };
const other = { ...model, id: 'near_b' };
const realFetch = globalThis.fetch;

/** What a test has the gateway answer: a stream that it feeds. */
class Call {
  readonly body: { model: string; messages: { role: string; content: string }[] };
  #stream!: ReadableStreamDefaultController<Uint8Array>;
  readonly response: Response;

  constructor(init: RequestInit) {
    this.body = JSON.parse(init.body as string) as Call['body'];
    const body = new ReadableStream<Uint8Array>({ start: (stream) => void (this.#stream = stream) });
    init.signal?.addEventListener('abort', () => this.#stream.error(init.signal?.reason));
    this.response = new Response(body, {
      headers: { 'content-type': 'text/event-stream', 'x-request-id': 'r', 'x-ollm-execution': 'tee' },
    });
  }
  say(event: object | string): void {
    const data = typeof event === 'string' ? event : JSON.stringify(event);
    this.#stream.enqueue(new TextEncoder().encode(`data: ${data}\n\n`));
  }
  word(content: string): void {
    this.say({ choices: [{ delta: { content } }] });
  }
  end(): void {
    this.say('[DONE]');
    this.#stream.close();
  }
  get isRead(): boolean {
    return this.#stream.desiredSize === 1;
  }
  reset(): void {
    this.#stream.error(new TypeError('network error'));
  }
  breakOff(): void {
    this.#stream.close();
  }
}

let calls: Call[];
let refusal: Response | undefined;
let desk: Desk;

beforeEach(() => {
  calls = [];
  refusal = undefined;
  globalThis.fetch = (_, init = {}) => {
    if (refusal) return Promise.resolve(refusal);
    const call = new Call(init);
    calls.push(call);
    return Promise.resolve(call.response);
  };
  Object.assign(globalThis, {
    requestAnimationFrame: (work: () => void) => setTimeout(work, 1),
    cancelAnimationFrame: clearTimeout,
  });
  desk = new Desk('team_1');
  desk.choose(1, 'near_a');
});
afterEach(() => {
  globalThis.fetch = realFetch;
});

const answers = (column = 0) =>
  desk.snapshot().columns[column]!.turns.filter((turn): turn is Answer => turn.kind === 'answer');
const until = async (isTrue: () => boolean) => {
  for (let tries = 0; !isTrue() && tries < 500; tries += 1) await new Promise((resolve) => setTimeout(resolve, 2));
  expect(isTrue()).toBe(true);
};
const answer = async (text: string, at = calls.length - 1) => {
  calls[at]!.word(text);
  calls[at]!.end();
  await until(() => answers().at(-1)?.state === 'done');
};

describe('a conversation', () => {
  test('streams, and says what it took', async () => {
    desk.send('Hi', [], [model]);
    expect(answers()[0]!.state).toBe('waiting');
    calls[0]!.word('Hel');
    await until(() => answers()[0]!.text === 'Hel');
    expect(answers()[0]).toMatchObject({
      state: 'streaming',
      head: { requestId: 'r', execution: 'tee' },
      model: 'near_a',
    });
    calls[0]!.word('lo');
    calls[0]!.say({ choices: [], usage: { prompt_tokens: 1, completion_tokens: 2, cost: 0.000001 } });
    calls[0]!.end();
    await until(() => answers()[0]!.state === 'done');
    expect(answers()[0]).toMatchObject({ text: 'Hello', usage: { completionTokens: 2, costUsd: '0.000001000' } });
    expect(answers()[0]!.firstTokenMs).toBeLessThanOrEqual(answers()[0]!.durationMs!);
  });

  test('keeps what came before it was stopped', async () => {
    desk.send('Hi', [], [model]);
    calls[0]!.word('Hel');
    await until(() => answers()[0]!.text === 'Hel');
    desk.stop(1);
    await until(() => answers()[0]!.state === 'stopped');
    expect(answers()[0]!.text).toBe('Hel');
  });

  test('that breaks off says so, and one that is refused says why', async () => {
    desk.send('Hi', [], [model]);
    calls[0]!.breakOff();
    await until(() => answers()[0]!.state === 'failed');
    expect(answers()[0]!.fault?.code).toBe('cut');
    refusal = Response.json(
      { error: { code: 'execution_policy', message: 'No.' } },
      { status: 403, headers: { 'x-request-id': 'q' } },
    );
    desk.send('Again', [], [model]);
    await until(() => answers()[1]!.state === 'failed');
    expect(answers()[1]).toMatchObject({
      fault: { code: 'execution_policy', detail: 'No.' },
      head: { requestId: 'q' },
    });
  });

  describe('whose session has ended, so that nobody is asked,', () => {
    const signedOut = () =>
      Response.json(
        {
          type: 'about:blank',
          title: 'Sign in',
          status: 401,
          code: 'not_signed_in',
          detail: 'Sign in.',
          requestId: 'q',
        },
        { status: 401, headers: { 'content-type': 'application/problem+json' } },
      );

    test('gives the question back to where it was written', async () => {
      const file = { kind: 'file' as const, name: 'a.txt', bytes: 1, dataUrl: 'data:text/plain,A' };
      desk.send('One', [], [model]);
      await answer('first');
      refusal = signedOut();
      const attachments = [file];
      desk.send('Two', attachments, [model]);
      await until(() => desk.draft.snapshot().text === 'Two');
      expect(desk.draft.snapshot().attachments).toBe(attachments);
      expect(desk.snapshot().columns[0]!.turns).toHaveLength(2);
    });

    test('keeps the question as it was asked when something else is being written', async () => {
      refusal = signedOut();
      desk.send('One', [], [model]);
      desk.draft.write({ text: 'Two' });
      await until(() => answers()[0]?.state === 'failed');
      expect(answers()[0]!.fault?.code).toBe('not_signed_in');
      expect(desk.draft.snapshot().text).toBe('Two');
    });
  });

  test('that lost its connection behind its last word is complete, and what was seen of it is kept for no check', async () => {
    desk.send('Hi', [], [model]);
    calls[0]!.word('Hello');
    calls[0]!.say('[DONE]');
    await until(() => calls[0]!.isRead);
    calls[0]!.reset();
    await until(() => answers()[0]!.state === 'done');
    expect(answers()[0]).toMatchObject({ text: 'Hello', fault: null, seen: null });
  });

  test('is retried and edited from there on, and forked with all before it', async () => {
    desk.send('One', [], [model]);
    await answer('first');
    desk.send('Two', [], [model]);
    await answer('second');
    desk.retry(1, answers()[1]!.id, other);
    expect(calls[2]!.body).toMatchObject({ model: 'near_b' });
    expect(calls[2]!.body.messages.map(({ content }) => content)).toEqual(['One', 'first', 'Two']);
    await answer('third');
    desk.fork(1, answers()[0]!.id);
    expect(desk.snapshot().columns.map(({ turns }) => turns.length)).toEqual([4, 2]);
    const [question] = desk.snapshot().columns[0]!.turns;
    desk.edit(1, question!.id, 'Other', model);
    expect(calls[3]!.body.messages.map(({ content }) => content)).toEqual(['Other']);
    expect(desk.snapshot().columns.map(({ turns }) => turns.length)).toEqual([2, 2]);
    await answer('fourth');
  });

  test('waits for what tools give back, and goes on with it', async () => {
    desk.send('Time?', [], [model]);
    const delta = { tool_calls: [{ index: 0, id: 'call_1', function: { name: 'get_time', arguments: '{"z' } }] };
    calls[0]!.say({ choices: [{ delta }] });
    calls[0]!.say({ choices: [{ delta: { tool_calls: [{ index: 0, function: { arguments: '":1}' } }] } }] });
    calls[0]!.end();
    await until(() => answers()[0]!.state === 'done');
    expect(answers()[0]!.calls).toEqual([{ id: 'call_1', name: 'get_time', arguments: '{"z":1}' }]);
    desk.give(1, { call_1: '12:00' }, model);
    expect(calls[1]!.body.messages.at(-1)).toEqual({ role: 'tool', tool_call_id: 'call_1', content: '12:00' });
    await answer('Noon.');
  });

  test('goes on beside another one', async () => {
    desk.compare('near_b');
    desk.send('Hi', [], [model, other]);
    expect(calls.map(({ body }) => body.model)).toEqual(['near_a', 'near_b']);
    calls[1]!.word('b');
    calls[1]!.end();
    await until(() => answers(1)[0]!.state === 'done');
    expect(answers(0)[0]!.state).toBe('waiting');
    calls[0]!.end();
    await until(() => answers(0)[0]!.state === 'done');
  });
});
