import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type ServiceError } from '@orgn/contracts';
import { splice } from '../json/splice.ts';
import { modelEdit, usageCostEdit, usageRemoval } from '../answer/answer-edits.ts';
import { readChatAnswer } from './chat-answer.ts';
import { chatRequestEdits } from './chat-request-edits.ts';
import { parseChatRequest } from './parse-chat-request.ts';
import { toText } from '../request/request-edits.ts';

const messages = [{ role: 'user', content: 'Hi' }];
const everyField = {
  audio: { voice: 'alloy', format: 'mp3' },
  frequency_penalty: 1,
  function_call: { name: 'f' },
  functions: [{ name: 'f', description: 'd', parameters: {} }],
  logit_bias: { '50256': -100 },
  logprobs: true,
  max_completion_tokens: 5,
  max_tokens: 5,
  metadata: { a: 'b' },
  modalities: ['text', 'audio'],
  n: 2,
  parallel_tool_calls: false,
  prediction: { type: 'content', content: 'x' },
  presence_penalty: -1,
  prompt_cache_key: 'k',
  prompt_cache_retention: 'in_memory',
  reasoning_effort: 'xhigh',
  response_format: { type: 'json_schema', json_schema: { name: 'n', schema: { type: 'object' }, strict: true } },
  safety_identifier: 's',
  seed: 7,
  service_tier: 'flex',
  stop: ['a', 'b'],
  store: false,
  stream_options: { include_usage: true },
  temperature: 2,
  tools: [
    { type: 'function', function: { name: 'f', parameters: {}, strict: true } },
    { type: 'custom', custom: { name: 'c', format: { type: 'text' } } },
  ],
  top_logprobs: 20,
  top_p: 1,
  user: 'u',
  verbosity: 'low',
  models: ['a', 'b'],
  usage: { include: true },
};
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
    [{ model: 'm', messages, providerOptions: {} }, 'invalid_request', 'providerOptions'],
    [{ model: 'm', messages: [{ ...messages[0], extra: 1 }] }, 'unknown_parameter', 'messages[0].extra'],
    [{ model: 'm', messages, temperature: 3 }, 'invalid_request', 'temperature'],
    [{ model: 'm', messages, max_tokens: '5' }, 'invalid_request', 'max_tokens'],
    [{ model: 'm', messages, max_tokens: 0 }, 'invalid_request', 'max_tokens'],
    [{ model: 'm', messages, stream: 'yes' }, 'invalid_request', 'stream'],
    [{ model: 'm', messages, stream_options: { include_usage: true } }, 'invalid_request', 'stream_options'],
    [{ model: 'm', messages, store: true }, 'invalid_request', 'store'],
    [{ model: 'm', messages, background: true }, 'invalid_request', 'background'],
    [{ model: 'm', messages, prompt_cache_retention: '24h' }, 'invalid_request', 'prompt_cache_retention'],
    [{ model: 'm', messages, prompt_cache_options: {} }, 'invalid_request', 'prompt_cache_options'],
    [{ model: 'm', messages, caching: 'auto' }, 'invalid_request', 'caching'],
    [{ model: 'm', messages, provider: { order: [] } }, 'invalid_request', 'provider'],
    [{ model: 'm', messages, plugins: [] }, 'invalid_request', 'plugins'],
    [{ model: 'm', messages, byok: {} }, 'invalid_request', 'byok'],
    [{ model: 'm', messages, providerOptions: null }, 'invalid_request', 'providerOptions'],
    [{ model: 'm', messages, web_search_options: {} }, 'invalid_request', 'web_search_options'],
    [{ model: 'm', messages, moderation: { model: 'x' } }, 'invalid_request', 'moderation'],
    [{ model: 'm', messages, models: [] }, 'invalid_request', 'models'],
    [{ model: 'm', messages, models: ['1', '2', '3', '4', '5'] }, 'invalid_request', 'models'],
    [{ model: 'm', messages, usage: { include: true, x: 1 } }, 'unknown_parameter', 'usage.x'],
    [{ model: 'm', messages, MESSAGES: [] }, 'unknown_parameter', 'MESSAGES'],
    [{ model: 'm', messages, tools: [{ type: 'mcp' }] }, 'invalid_request', 'tools[0].type'],
    [
      { model: 'm', messages: [{ role: 'user', content: [{ type: 'text', text: 'x', cache_control: {} }] }] },
      'invalid_request',
      'messages[0].content[0].cache_control.type',
    ],
    [
      { model: 'm', messages: [{ role: 'user', content: [{ type: 'file', file: { file_id: 'f' } }] }] },
      'invalid_request',
      'messages[0].content[0].file.file_id',
    ],
    [
      { model: 'm', messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { uri: 'x' } }] }] },
      'invalid_request',
      'messages[0].content[0].image_url.url',
    ],
  ])('refuses %j as %s at %s', (value, code, param) => {
    expect(refusalOf(value)).toMatchObject({ code, param });
  });

  test.each<[object, string]>([
    [{ model: 'm', messages, stop: Array(65).fill('x') }, 'stop must have at most 64 items.'],
    [{ model: 'm', messages, stream: 'x' }, 'stream must be of type boolean.'],
    [{ model: 'm', messages, n: 0 }, 'n must be at least 1.'],
    [{ model: 'm', messages: [{ role: 'king' }] }, 'messages[0].role must be "system" or "developer" or "user" or'],
    [{ model: 'm', messages, store: true }, 'store must be false: this gateway retains nothing.'],
    [{ model: 'm', messages, byok: {} }, 'byok must be left out: the model id alone decides where'],
    [{ model: 'm', messages, Model: 'n' }, 'Model is not a parameter of this endpoint; remove it.'],
  ])('says of %j what is wrong', (value, message) => {
    expect(refusalOf(value).message).toContain(message);
  });

  test('accepts a bare string and a list as stop', () => {
    for (const stop of ['x', ['x', 'y']])
      expect(parseChatRequest(toBody({ model: 'm', messages, stop })).stop).toEqual(stop);
  });
});

describe('what OpenAI documents', () => {
  test('is accepted, field by field', () => {
    for (const [field, value] of Object.entries(everyField))
      expect({
        field,
        value: parseChatRequest(toBody({ model: 'm', messages, stream: true, [field]: value })),
      }).toEqual({
        field,
        value: { model: 'm', messages, stream: true, [field]: value },
      });
  });

  test('is accepted as a choice among the tools that are offered', () => {
    const tools = [{ type: 'function', function: { name: 'f' } }];
    const tool_choice = { type: 'allowed_tools', allowed_tools: { mode: 'auto', tools } };
    expect(parseChatRequest(toBody({ model: 'm', messages, tools, tool_choice })).tool_choice).toEqual(tool_choice);
  });

  test('is accepted in messages of every role', () => {
    const conversation = [
      { role: 'system', content: 's' },
      { role: 'developer', content: [{ type: 'text', text: 'd' }], name: 'n' },
      {
        role: 'user',
        content: [
          { type: 'text', text: 't' },
          { type: 'image_url', image_url: { url: 'data:image/png;base64,AA==', detail: 'high' } },
          { type: 'input_audio', input_audio: { data: 'AA==', format: 'wav' } },
          { type: 'file', file: { file_data: 'data:application/pdf;base64,AA==', filename: 'a.pdf' } },
        ],
      },
      {
        role: 'assistant',
        content: null,
        refusal: null,
        audio: { id: 'audio_1' },
        reasoning_content: 'r',
        tool_calls: [
          { id: 'a', type: 'function', function: { name: 'f', arguments: '{}' } },
          { id: 'b', type: 'custom', custom: { name: 'c', input: 'x' } },
        ],
      },
      { role: 'tool', tool_call_id: 'a', content: 'x' },
      { role: 'tool', tool_call_id: 'b', content: [{ type: 'text', text: 'x' }] },
      { role: 'assistant', content: [{ type: 'refusal', refusal: 'no' }], function_call: { name: 'f', arguments: '' } },
      { role: 'function', name: 'f', content: 'x' },
    ];
    expect(parseChatRequest(toBody({ model: 'm', messages: conversation })).messages).toEqual(conversation);
  });
});

describe('chatRequestEdits', () => {
  const extra = fc.record({
    temperature: fc.option(fc.constantFrom(0, 1), { nil: undefined }),
    stream_options: fc.constantFrom(undefined, null, {}, { include_usage: false }, { include_usage: true }),
    max_tokens: fc.constantFrom(undefined, null),
    models: fc.constantFrom(undefined, ['b']),
    usage: fc.constantFrom(undefined, null, { include: true }),
    metadata: fc.constantFrom(undefined, { model: 'x' }),
    user: fc.constantFrom(undefined, 'u'),
    safety_identifier: fc.constantFrom(undefined, 's'),
    service_tier: fc.constantFrom(undefined, 'priority'),
    stop: fc.constantFrom(undefined, '"model":"x"'),
  });

  test('set model, flag, usage and limit whatever the caller sent, and leave the rest as it was', () => {
    fc.assert(
      fc.property(extra, fc.constantFrom(undefined, 2), fc.boolean(), (fields, indent, modelLast) => {
        const base = modelLast
          ? { ...fields, messages, stream: true, model: 'a' }
          : { model: 'a', messages, stream: true, ...fields };
        const body = Buffer.from(JSON.stringify(base, null, indent));
        const changes = {
          upstreamModel: 'up/"x"',
          maxTokens: 7,
          forceUsage: true,
          members: { providerOptions: '{"z":1}' },
        };
        const sent = JSON.parse(splice(body, chatRequestEdits(toText(body), changes)).toString()) as Record<
          string,
          unknown
        >;
        const caller = JSON.parse(body.toString()) as Record<string, unknown>;
        for (const name of ['models', 'usage', 'metadata', 'user', 'safety_identifier', 'service_tier'])
          Reflect.deleteProperty(caller, name);
        expect(sent).toEqual({
          ...caller,
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

  test.each([
    ['{"usage":{"prompt_tokens":1}}', { prompt_tokens: 1, cost: 0.000123 }],
    ['{"usage":{"prompt_tokens":1,"cost":9}}', { prompt_tokens: 1, cost: 0.000123 }],
    ['{"usage": { }}', { cost: 0.000123 }],
    ['{"usage":null}', null],
  ])('write the cost into %s', (text, usage) => {
    const json = Buffer.from(text);
    const edits = usageCostEdit(json, readChatAnswer(json)!, '0.000123000');
    expect(JSON.parse(splice(json, edits).toString())).toEqual({ usage });
  });

  test('read every class of tokens', () => {
    const { parts } = read({
      usage: {
        prompt_tokens: 10,
        completion_tokens: 4,
        prompt_tokens_details: { cached_tokens: 8, cache_write_tokens: 2, audio_tokens: 1 },
        completion_tokens_details: { reasoning_tokens: 4 },
      },
    });
    expect(parts.usage).toEqual({
      promptTokens: 10,
      completionTokens: 4,
      cachedTokens: 8,
      cacheWriteTokens: 2,
      audioTokens: 1,
      reasoningTokens: 4,
      audioSeconds: 0,
      searchUnits: 0,
    });
  });

  test.each(['', '[]', '5', '{"choices":5}', '{'])('do not pretend to read %j', (text) => {
    expect(readChatAnswer(Buffer.from(text))).toBeUndefined();
  });
});
