import { describe, expect, test } from '@jest/globals';
import { type ServiceError } from '@orgn/contracts';
import { parseChatRequest } from '../chat/parse-chat-request.ts';
import { countResponseTokens } from './count-response-tokens.ts';
import { parseResponseRequest, responseForm } from './parse-response-request.ts';
import { responseToChatRequest } from './response-to-chat-request.ts';

const toBody = (value: object) => Buffer.from(JSON.stringify(value));
const parse = (fields: object) => parseResponseRequest(toBody({ model: 'm', input: 'Hi', ...fields }));
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
  const body = responseToChatRequest(parse(fields));
  parseChatRequest(body);
  return JSON.parse(body.toString()) as Record<string, unknown>;
};

describe('parseResponseRequest', () => {
  test.each<[object]>([
    [{ store: true }],
    [{ background: true }],
    [{ previous_response_id: 'resp_1' }],
    [{ conversation: 'conv_1' }],
    [{ conversation: { id: 'conv_1' } }],
    [{ prompt: { id: 'pmpt_1' } }],
    [{ context_management: [{ type: 'compaction' }] }],
  ])('refuses %j, which needs something kept', (fields) => {
    expect(refusalOf(fields)).toMatchObject({ code: 'not_supported_zero_retention', param: Object.keys(fields)[0] });
  });

  test.each<[object, string]>([
    [{ type: 'item_reference', id: 'msg_1' }, 'input[0].id'],
    [
      { role: 'user', content: [{ type: 'input_image', image_url: 'https://x/y.png', file_id: 'file_1' }] },
      'input[0].content[0].file_id',
    ],
  ])('refuses %j, which names something stored', (item, param) => {
    expect(refusalOf({ input: [item] })).toMatchObject({ code: 'not_supported_zero_retention', param });
  });

  test.each<[object, string, string]>([
    [{ input: [] }, 'invalid_request', 'input'],
    [{ input: 5 }, 'invalid_request', 'input'],
    [{ input: [{ role: 'user', content: 'x', extra: 1 }] }, 'unknown_parameter', 'input[0].extra'],
    [{ input: [{ role: 'king', content: 'x' }] }, 'invalid_request', 'input[0]'],
    [{ input: [{ type: 'computer_call' }] }, 'invalid_request', 'input[0]'],
    [{ Model: 'm' }, 'unknown_parameter', 'Model'],
    [{ tools: [{ type: 'web_search' }] }, 'invalid_request', 'tools[0].type'],
    [{ truncation: 'auto' }, 'invalid_request', 'truncation'],
    [{ prompt_cache_retention: '24h' }, 'invalid_request', 'prompt_cache_retention'],
    [{ stream_options: {} }, 'invalid_request', 'stream_options'],
    [{ max_output_tokens: 0 }, 'invalid_request', 'max_output_tokens'],
    [{ providerOptions: {} }, 'invalid_request', 'providerOptions'],
  ])('refuses %j as %s at %s', (fields, code, param) => {
    expect(refusalOf(fields)).toMatchObject({ code, param });
  });

  test('takes the nulls that SDKs send for absence', () => {
    const body = Buffer.from(
      JSON.stringify({
        model: 'm',
        input: 'x',
        store: null,
        previous_response_id: null,
        conversation: null,
        prompt: null,
      }),
    );
    const read = responseForm.read(body, { isStrict: true, cachesPrompts: () => false });
    expect(read.body.toString()).toBe('{"model":"m","input":"x"}');
    expect(read.dropped.toHeader()).toBeUndefined();
  });
});

describe('responseToChatRequest', () => {
  test('asks the same with the settings of chat', () => {
    const chat = toChat({
      instructions: 'Be brief.',
      max_output_tokens: 9,
      reasoning: { effort: 'low', summary: 'auto' },
      text: { format: { type: 'json_schema', name: 'n', schema: { default: null }, strict: true }, verbosity: 'low' },
      tools: [
        { type: 'function', name: 'f', parameters: { type: 'object' }, strict: true },
        { type: 'custom', name: 'c', format: { type: 'grammar', definition: 'x', syntax: 'regex' } },
      ],
      tool_choice: { type: 'allowed_tools', mode: 'auto', tools: [{ type: 'function', name: 'f' }] },
      top_logprobs: 2,
      stream: true,
      store: false,
      user: 'u',
      metadata: { a: 'b' },
    });
    expect(chat).toEqual({
      model: 'm',
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'Hi' },
      ],
      stream: true,
      max_completion_tokens: 9,
      reasoning_effort: 'low',
      verbosity: 'low',
      response_format: { type: 'json_schema', json_schema: { name: 'n', schema: { default: null }, strict: true } },
      tools: [{ type: 'function', function: { name: 'f', parameters: { type: 'object' }, strict: true } }],
      tool_choice: 'auto',
      logprobs: true,
      top_logprobs: 2,
    });
  });

  test('gathers reasoning, text and parallel calls into one message, and images of results behind the results', () => {
    const { messages } = toChat({
      input: [
        { role: 'developer', content: 'd' },
        { role: 'user', content: [{ type: 'input_text', text: 'Look' }] },
        { type: 'reasoning', id: 'rs_1', summary: [], content: [{ type: 'reasoning_text', text: 'hm' }] },
        { type: 'message', id: 'msg_1', role: 'assistant', content: [{ type: 'output_text', text: 'I look.' }] },
        { type: 'function_call', id: 'fc_1', call_id: 'a', name: 'f', arguments: '{}', status: 'completed' },
        { type: 'custom_tool_call', call_id: 'b', name: 'c', input: 'x' },
        {
          type: 'function_call_output',
          call_id: 'a',
          output: [
            { type: 'input_text', text: 'seen' },
            { type: 'input_image', image_url: 'data:image/png;base64,AA==', detail: 'low' },
          ],
        },
        { type: 'custom_tool_call_output', call_id: 'b', output: 'done' },
        { role: 'user', content: 'And?' },
      ],
    });
    expect(messages).toEqual([
      { role: 'system', content: 'd' },
      { role: 'user', content: [{ type: 'text', text: 'Look' }] },
      {
        role: 'assistant',
        content: 'I look.',
        reasoning_content: 'hm',
        tool_calls: [
          { id: 'a', type: 'function', function: { name: 'f', arguments: '{}' } },
          { id: 'b', type: 'function', function: { name: 'c', arguments: '{"input":"x"}' } },
        ],
      },
      { role: 'tool', tool_call_id: 'a', content: 'seen' },
      { role: 'tool', tool_call_id: 'b', content: 'done' },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'Attached to the result of a:' },
          { type: 'image_url', image_url: { url: 'data:image/png;base64,AA==', detail: 'low' } },
        ],
      },
      { role: 'user', content: 'And?' },
    ]);
  });
});

describe('countResponseTokens', () => {
  const text = 'Please summarise what was said at the meeting on Tuesday. '.repeat(20);
  const tools = [{ type: 'function', name: 'f', description: text }];

  test('counts input, instructions and tools, and bounds them by their bytes', () => {
    const { input_tokens, input_tokens_bound } = countResponseTokens(parse({ input: text }), 'gpt');
    expect(input_tokens).toBeGreaterThan(200);
    expect(input_tokens).toBeLessThan(260);
    expect(input_tokens_bound).toBeGreaterThan(Buffer.byteLength(text));
    const whole = { input: text, instructions: text, tools };
    expect(countResponseTokens(parse(whole), 'gpt').input_tokens).toBeGreaterThan(3 * 200);
  });
});
