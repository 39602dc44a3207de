import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Completion } from '../wire/completion.ts';
import { parseChatRequest } from './chat-request.ts';
import { complete } from './completion.ts';

function answer(overrides: Record<string, unknown>, asLongAsAllowed = false): Completion {
  const body = { model: 'm', messages: [{ role: 'user', content: 'Hello' }], ...overrides };
  return complete(parseChatRequest(body), Buffer.byteLength(JSON.stringify(body)), asLongAsAllowed);
}

function textOf(completion: Completion, index = 0): string {
  return completion.choices[index]?.tokens.join('') ?? '';
}

const message = fc.record({
  role: fc.constantFrom('system', 'user', 'assistant'),
  content: fc.string({ unit: 'binary' }),
});
const requests = fc.record({
  messages: fc.array(message, { minLength: 1, maxLength: 5 }),
  max_tokens: fc.integer({ min: 1, max: 60 }),
  n: fc.integer({ min: 1, max: 3 }),
  stop: fc.array(fc.constantFrom(' the', 'e', '.', 'never'), { maxLength: 2 }),
});

describe('complete', () => {
  test('says the same to the same request', () => {
    expect(answer({ seed: 7, n: 2 })).toEqual(answer({ seed: 7, n: 2 }));
  });

  test.each([{ model: 'other' }, { seed: 8 }, { n: 2 }, { messages: [{ role: 'user', content: 'Bye' }] }])(
    'says something else when %j differs',
    (overrides) => {
      expect(textOf(answer(overrides))).not.toBe(textOf(answer({})));
    },
  );

  test('gives each choice a text of its own', () => {
    const completion = answer({ n: 3 });
    expect(new Set(completion.choices.map((_, index) => textOf(completion, index))).size).toBe(3);
  });

  test('counts what it produced and keeps to the limit and to the bytes of the request', () => {
    fc.assert(
      fc.property(requests, fc.boolean(), (overrides, asLongAsAllowed) => {
        const completion = answer(overrides, asLongAsAllowed);
        const produced = completion.choices.reduce((sum, choice) => sum + choice.tokens.length, 0);
        expect(completion.completionTokens).toBe(produced);
        for (const choice of completion.choices) expect(choice.tokens.length).toBeLessThanOrEqual(overrides.max_tokens);
        expect(completion.promptTokens).toBeLessThanOrEqual(Buffer.byteLength(JSON.stringify(overrides)));
        expect(completion.promptTokens).toBeGreaterThanOrEqual(3 * overrides.messages.length);
      }),
      { numRuns: 300 },
    );
  });

  test('has 12 to 40 tokens by itself and then stops', () => {
    fc.assert(
      fc.property(fc.string(), (content) => {
        const [choice] = answer({ messages: [{ role: 'user', content: content.replace('[[echo:', '') }] }).choices;
        expect(choice?.tokens.length).toBeGreaterThanOrEqual(12);
        expect(choice?.tokens.length).toBeLessThanOrEqual(40);
        expect(choice?.finishReason).toBe('stop');
      }),
    );
  });

  test.each([{ max_tokens: 4 }, { max_completion_tokens: 4 }, { max_tokens: 9, max_completion_tokens: 4 }])(
    'is cut with finish reason length at %j',
    (limits) => {
      const [choice] = answer(limits).choices;
      expect([choice?.tokens.length, choice?.finishReason]).toEqual([4, 'length']);
    },
  );

  test('is exactly as long as allowed when asked', () => {
    const [choice] = answer({ max_tokens: 5000 }, true).choices;
    expect([choice?.tokens.length, choice?.finishReason]).toEqual([5000, 'length']);
  });

  test('never repeats the prompt', () => {
    expect(textOf(answer({ messages: [{ role: 'user', content: 'xylophone-4711' }] }, true))).not.toContain('4711');
  });

  test('repeats what the echo switch holds, also with quotes and beyond ASCII', () => {
    const content = [{ type: 'text', text: 'say [[echo:"Grüße" \\ 👋 42]] now' }];
    expect(textOf(answer({ messages: [{ role: 'user', content }] }))).toContain('"Grüße" \\ 👋 42');
  });

  test.each([' ', ['zzz', ' ']])('ends before the stop text %j', (stop) => {
    const completion = answer({ stop });
    expect(textOf(completion)).toBe(textOf(answer({})).split(' ')[0]);
    expect(completion.choices[0]?.finishReason).toBe('stop');
  });

  test('answers in JSON when the format demands it', () => {
    expect(JSON.parse(textOf(answer({ response_format: { type: 'json_object' } })))).toEqual({
      answer: expect.any(String),
    });
    const schema = { type: 'object', properties: { age: { type: 'integer', minimum: 18 } }, required: ['age'] };
    const format = { type: 'json_schema', json_schema: { name: 'person', schema } };
    const person = JSON.parse(textOf(answer({ response_format: format, max_tokens: 200 }, true))) as { age: number };
    expect(person.age).toBeGreaterThanOrEqual(18);
  });

  test.each(['required', { type: 'function', function: { name: 'second' } }])('calls a tool for %j', (tool_choice) => {
    const parameters = { type: 'object', properties: { unit: { enum: ['C', 'F'] } }, required: ['unit'] };
    const tools = ['first', 'second'].map((name) => ({ type: 'function', function: { name, parameters } }));
    const completion = answer({ tools, tool_choice });
    expect(completion.choices[0]?.finishReason).toBe('tool_calls');
    expect(typeof tool_choice === 'string' ? ['first', 'second'] : ['second']).toContain(
      completion.choices[0]?.toolName,
    );
    expect(JSON.parse(textOf(completion))).toEqual({ unit: expect.stringMatching(/^[CF]$/) });
    expect(completion.promptTokens).toBeGreaterThan(answer({}).promptTokens);
  });

  test.each(['auto', 'none', undefined])('answers in text for tool_choice %j', (tool_choice) => {
    const tools = [{ type: 'function', function: { name: 'first', parameters: {} } }];
    expect(answer({ tools, tool_choice }).choices[0]).toMatchObject({ toolName: undefined, finishReason: 'stop' });
  });

  test.each([
    [{ model: undefined }, 'model'],
    [{ messages: undefined }, 'messages'],
    [{ messages: [] }, 'messages'],
    [{ messages: ['hello'] }, 'messages'],
    [{ max_tokens: 0 }, 'max_tokens'],
    [{ n: 1.5 }, 'n'],
    [{ stream: 'yes' }, 'stream'],
    [{ stop: [1] }, 'stop'],
    [{ tool_choice: 'required' }, 'tool_choice'],
  ])('refuses %j and names the field', (overrides, param) => {
    expect(() => answer(overrides)).toThrow(expect.objectContaining({ status: 400, detail: { param } }));
  });
});
