import { describe, expect, test } from '@jest/globals';
import type { ServiceError, TokenizerFamily } from '@orgn/contracts';
import { parseChatRequest } from '../chat/parse-chat-request.ts';
import { countTokens } from './count-tokens.ts';
import { messageToChatRequest } from './message-to-chat-request.ts';
import { parseMessageRequest, parseTokenCountRequest } from './parse-message-request.ts';

const toBody = (value: object) => Buffer.from(JSON.stringify(value));
const base = { model: 'm', max_tokens: 9, messages: [{ role: 'user', content: 'Hi' }] };
const parse = (fields: object) => parseMessageRequest(toBody({ ...base, ...fields }));
const refusalOf = (fields: object): ServiceError => {
  try {
    parse(fields);
  } catch (error) {
    return error as ServiceError;
  }
  throw new Error('was accepted');
};
/** The chat request, which must be one that chat itself accepts. */
const toChat = (fields: object) => {
  const body = messageToChatRequest(parse(fields));
  parseChatRequest(body);
  return JSON.parse(body.toString()) as Record<string, unknown>;
};
const png = { type: 'base64', media_type: 'image/png', data: 'AA==' };

describe('parseMessageRequest', () => {
  test.each<[object, string, string]>([
    [{ max_tokens: undefined }, 'invalid_request', 'max_tokens'],
    [{ messages: [] }, 'invalid_request', 'messages'],
    [{ messages: [{ role: 'tool', content: 'x' }] }, 'invalid_request', 'messages[0].role'],
    [
      { messages: [{ role: 'user', content: [{ type: 'text', text: 5 }] }] },
      'invalid_request',
      'messages[0].content[0].text',
    ],
    [{ Max_Tokens: 1 }, 'unknown_parameter', 'Max_Tokens'],
    [{ temperature: 2.5 }, 'invalid_request', 'temperature'],
    [{ stop_sequences: Array(65).fill('x') }, 'invalid_request', 'stop_sequences'],
    [{ tools: [{ type: 'web_search_20250305', name: 'web_search' }] }, 'invalid_request', 'tools[0].type'],
    [{ container: 'c' }, 'not_supported_zero_retention', 'container'],
    [{ providerOptions: {} }, 'invalid_request', 'providerOptions'],
    [
      { messages: [{ role: 'user', content: [{ type: 'image', source: { type: 'file', file_id: 'f' } }] }] },
      'invalid_request',
      'messages[0].content[0].source.type',
    ],
  ])('refuses %j as %s at %s', (fields, code, param) => {
    expect(refusalOf(fields)).toMatchObject({ code, param });
  });

  test('passes marks of caching on with the text they stand on', () => {
    const cache_control = { type: 'ephemeral', ttl: '1h' };
    const chat = toChat({
      system: [{ type: 'text', text: 's', cache_control }],
      messages: [{ role: 'user', content: [{ type: 'text', text: 'Hi', cache_control }] }],
    });
    expect(chat.messages).toEqual([
      { role: 'system', content: [{ type: 'text', text: 's', cache_control }] },
      { role: 'user', content: [{ type: 'text', text: 'Hi', cache_control }] },
    ]);
  });
});

describe('messageToChatRequest', () => {
  test('asks the same with the settings of chat', () => {
    const chat = toChat({
      system: 'Be brief.',
      stop_sequences: ['END'],
      stream: true,
      temperature: 0.5,
      top_p: 0.9,
      top_k: 3,
      metadata: { user_id: 'someone' },
      thinking: { type: 'enabled', budget_tokens: 2048 },
      tools: [{ name: 'f', description: 'd', input_schema: { type: 'object', default: null }, strict: true }],
      tool_choice: { type: 'any', disable_parallel_tool_use: true },
      output_config: { format: { type: 'json_schema', schema: { type: 'object' } } },
    });
    expect(chat).toEqual({
      model: 'm',
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'Hi' },
      ],
      stream: true,
      max_tokens: 9,
      temperature: 0.5,
      top_k: 3,
      top_p: 0.9,
      stop: ['END'],
      tools: [
        {
          type: 'function',
          function: { name: 'f', description: 'd', parameters: { type: 'object', default: null }, strict: true },
        },
      ],
      tool_choice: 'required',
      parallel_tool_calls: false,
      reasoning_effort: 'low',
      response_format: {
        type: 'json_schema',
        json_schema: { name: 'answer', schema: { type: 'object' }, strict: true },
      },
    });
  });

  test('turns tool use and its results into calls and tool messages, results before what else was said', () => {
    const { messages } = toChat({
      messages: [
        { role: 'user', content: [{ type: 'image', source: png }] },
        {
          role: 'assistant',
          content: [
            { type: 'thinking', thinking: 'hm', signature: '' },
            { type: 'text', text: 'I look.' },
            { type: 'tool_use', id: 'a', name: 'f', input: { x: 1 } },
            { type: 'tool_use', id: 'b', name: 'g', input: {} },
          ],
        },
        {
          role: 'user',
          content: [
            { type: 'text', text: 'Go on.' },
            { type: 'tool_result', tool_use_id: 'a', content: [{ type: 'image', source: png }] },
            { type: 'tool_result', tool_use_id: 'b', content: 'broken', is_error: true },
          ],
        },
      ],
    });
    const image = { type: 'image_url', image_url: { url: 'data:image/png;base64,AA==' } };
    expect(messages).toEqual([
      { role: 'user', content: [image] },
      {
        role: 'assistant',
        content: 'I look.',
        reasoning_content: 'hm',
        tool_calls: [
          { id: 'a', type: 'function', function: { name: 'f', arguments: '{"x":1}' } },
          { id: 'b', type: 'function', function: { name: 'g', arguments: '{}' } },
        ],
      },
      { role: 'tool', tool_call_id: 'a', content: '' },
      { role: 'tool', tool_call_id: 'b', content: 'Error: broken' },
      { role: 'user', content: [{ type: 'text', text: 'Attached to the result of a:' }, image] },
      { role: 'user', content: [{ type: 'text', text: 'Go on.' }] },
    ]);
  });
});

describe('countTokens', () => {
  const count = (fields: object, family?: TokenizerFamily) =>
    countTokens(parseTokenCountRequest(toBody({ model: 'm', ...fields })), family);

  test('estimates, and bounds by the bytes of the text', () => {
    const text = 'Grüße 🎉'.repeat(50);
    const { input_tokens, input_tokens_bound, ...others } = count({ messages: [{ role: 'user', content: text }] });
    expect(input_tokens_bound).toBeGreaterThan(Buffer.byteLength(text));
    expect(input_tokens).toBeGreaterThan(100);
    expect(input_tokens).toBeLessThan(input_tokens_bound / 2);
    expect(others).toEqual({});
  });

  test("estimates in the tokens of the model's family", () => {
    const fields = { messages: [{ role: 'user', content: '今天天气很好。'.repeat(50) }] };
    expect(count(fields, 'claude').input_tokens).toBeGreaterThan(count(fields, 'qwen').input_tokens);
    expect(count(fields, 'claude').input_tokens_bound).toBe(count(fields, 'qwen').input_tokens_bound);
  });

  test('counts an image by itself, not by its bytes', () => {
    const image = (data: string) =>
      count({ messages: [{ role: 'user', content: [{ type: 'image', source: { ...png, data } }] }] });
    expect(image('A'.repeat(100_000))).toEqual(image('A'));
  });

  test('refuses what belongs to an answer', () => {
    expect(() => parseTokenCountRequest(toBody(base))).toThrow(/max_tokens/);
  });
});
