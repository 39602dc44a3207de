import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type ServiceError } from '@orgn/contracts';
import { splice } from '../json/splice.ts';
import { modelEdit, readChatAnswer, usageRemoval } from './chat-answer.ts';
import { chatRequestEdits } from './chat-request-edits.ts';
import { parseChatRequest } from './parse-chat-request.ts';

const messages = [{ role: 'user', content: 'Hi' }];
const toBody = (value: object) => Buffer.from(JSON.stringify(value));
const refusalOf = (value: object): ServiceError => {
  try {
    parseChatRequest(toBody(value));
  } catch (error) {
    return error as ServiceError;
  }
  throw new Error('was accepted');
};

describe('parseChatRequest', () => {
  test.each<[object, string, string | undefined]>([
    [{ messages }, 'invalid_request', 'model'],
    [{ model: 'm' }, 'invalid_request', 'messages'],
    [{ model: 'm', messages: [] }, 'invalid_request', 'messages'],
    [{ model: 'm', messages: [{ role: 'user', content: 5 }] }, 'invalid_request', 'messages[0].content'],
    [{ model: 'm', messages: [{ role: 'king', content: 'x' }] }, 'invalid_request', 'messages[0].role'],
    [{ model: 'm', messages, Model: 'n' }, 'unknown_parameter', 'Model'],
    [{ model: 'm', messages, providerOptions: {} }, 'unknown_parameter', 'providerOptions'],
    [{ model: 'm', messages: [{ ...messages[0], extra: 1 }] }, 'unknown_parameter', 'messages[0].extra'],
    [{ model: 'm', messages, temperature: 3 }, 'invalid_request', 'temperature'],
    [{ model: 'm', messages, max_tokens: '5' }, 'invalid_request', 'max_tokens'],
    [{ model: 'm', messages, max_tokens: 0 }, 'invalid_request', 'max_tokens'],
    [{ model: 'm', messages, stream: 'yes' }, 'invalid_request', 'stream'],
    [{ model: 'm', messages, stream_options: { include_usage: true } }, 'invalid_request', 'stream_options'],
    [{ model: 'm', messages, store: true }, 'invalid_request', 'store'],
  ])('refuses %j as %s at %s', (value, code, param) => {
    expect(refusalOf(value)).toMatchObject({ code, param });
  });

  test('accepts a bare string and a list as stop', () => {
    for (const stop of ['x', ['x', 'y']])
      expect(parseChatRequest(toBody({ model: 'm', messages, stop })).stop).toEqual(stop);
  });
});

describe('chatRequestEdits', () => {
  const extra = fc.record({
    temperature: fc.option(fc.constantFrom(0, 1), { nil: undefined }),
    stream_options: fc.constantFrom(undefined, null, {}, { include_usage: false }, { include_usage: true }),
    max_tokens: fc.constantFrom(undefined, null),
    stop: fc.constantFrom(undefined, '"model":"x"'),
  });

  test('set model, flag, usage and limit whatever the caller sent, and leave the rest as it was', () => {
    fc.assert(
      fc.property(extra, fc.constantFrom(undefined, 2), fc.boolean(), (fields, indent, modelLast) => {
        const base = modelLast
          ? { messages, stream: true, ...fields, model: 'a' }
          : { model: 'a', messages, stream: true, ...fields };
        const body = Buffer.from(JSON.stringify(base, null, indent));
        const changes = {
          upstreamModel: 'up/"x"',
          maxTokens: 7,
          forceUsage: true,
          members: { providerOptions: '{"z":1}' },
        };
        const sent = JSON.parse(splice(body, chatRequestEdits(body, changes)).toString()) as Record<string, unknown>;
        expect(sent).toEqual({
          ...(JSON.parse(body.toString()) as object),
          model: 'up/"x"',
          max_tokens: 7,
          stream_options: { include_usage: true },
          providerOptions: { z: 1 },
        });
      }),
    );
  });
});

describe('answer edits', () => {
  const read = (value: object) => {
    const json = toBody(value);
    const parts = readChatAnswer(json);
    if (!parts) throw new Error('unreadable');
    return { json, parts };
  };

  test('show the gateway model id and nothing else changed', () => {
    const { json, parts } = read({
      id: '1',
      nested: { model: 'up' },
      choices: [{ message: { content: '"model":"up"' } }],
      model: 'up',
    });
    expect(JSON.parse(splice(json, modelEdit(parts, 'near_x')).toString())).toEqual({
      ...(JSON.parse(json.toString()) as object),
      model: 'near_x',
    });
  });

  test.each([
    [{ usage: { prompt_tokens: 1 }, a: 1 }],
    [{ a: 1, usage: { prompt_tokens: 1 } }],
    [{ a: 1, usage: null, b: 2 }],
    [{ usage: null }],
  ])('take usage out of %j and leave valid JSON', (value) => {
    const { json, parts } = read(value);
    const { usage: _usage, ...rest } = value as Record<string, unknown>;
    expect(JSON.parse(splice(json, usageRemoval(parts)).toString())).toEqual(rest);
  });

  test('count a chunk as output only when it says something', () => {
    const outputs = (delta: object) => read({ choices: [{ delta }] }).parts.outputs;
    expect(
      [{ role: 'assistant', content: '' }, {}, { content: 'a' }, { reasoning_content: 'b' }, { tool_calls: [{}] }].map(
        outputs,
      ),
    ).toEqual([0, 0, 1, 1, 1]);
  });

  test.each(['', '[]', '5', '{"choices":5}', '{'])('do not pretend to read %j', (text) => {
    expect(readChatAnswer(Buffer.from(text))).toBeUndefined();
  });
});
