import Anthropic from '@anthropic-ai/sdk';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import OpenAI from 'openai';
import { Stack } from './stack.ts';

// Two calls at once, as engines stream them: both announced before any arguments, or their arguments in turn. Each SDK's own
// accumulator must have both whole, in every dialect.

const model = 'near_qwen3_30b';
const ask = '[[call:get_weather {"city":"Bern"}]] What is the weather?';
const schema = { type: 'object' as const, properties: { city: { type: 'string' as const } }, required: ['city'] };
const stack = new Stack();
let openai: OpenAI;
let anthropic: Anthropic;

beforeAll(async () => {
  await stack.start();
  const { api, demo } = stack.file;
  openai = new OpenAI({ baseURL: `${api}/v1`, apiKey: demo.key, maxRetries: 0 });
  anthropic = new Anthropic({ baseURL: api, apiKey: demo.key, maxRetries: 0 });
});
afterAll(() => stack.remove());

const twice = [{ city: 'Bern' }, { city: 'Bern' }];

describe.each(['headersfirst', 'interleave'])('two calls written %s', (odd) => {
  beforeAll(() => stack.control('near', { odd: [odd] }));

  test('are whole in chat', async () => {
    const stream = openai.chat.completions.stream({
      model,
      messages: [{ role: 'user', content: ask }],
      tools: [{ type: 'function', function: { name: 'get_weather', parameters: schema } }],
    });
    const { tool_calls: calls = [] } = (await stream.finalChatCompletion()).choices[0]!.message;
    expect(calls.map((call) => JSON.parse(call.type === 'function' ? call.function.arguments : '') as unknown)).toEqual(
      twice,
    );
    expect(new Set(calls.map(({ id }) => id)).size).toBe(2);
  });

  test('are whole in responses', async () => {
    const stream = openai.responses.stream({
      model,
      input: ask,
      tools: [{ type: 'function', name: 'get_weather', parameters: schema, strict: false }],
    });
    const done: string[] = [];
    stream.on('response.output_item.done', ({ item }) => {
      if (item.type === 'function_call') done.push(item.arguments);
    });
    const { output } = await stream.finalResponse();
    const calls = (output as OpenAI.Responses.ResponseOutputItem[]).filter((item) => item.type === 'function_call');
    expect(calls.map((call) => JSON.parse(call.arguments) as unknown)).toEqual(twice);
    expect(done.map((text) => JSON.parse(text) as unknown)).toEqual(twice);
  });

  test('are whole in messages', async () => {
    const { content } = await anthropic.messages
      .stream({
        model,
        max_tokens: 500,
        messages: [{ role: 'user', content: ask }],
        tools: [{ name: 'get_weather', input_schema: schema }],
      })
      .finalMessage();
    const calls = content.filter((block) => block.type === 'tool_use');
    expect(calls.map(({ input }) => input)).toEqual(twice);
  });
});
