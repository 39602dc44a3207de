import Anthropic from '@anthropic-ai/sdk';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import OpenAI from 'openai';
import { Stack } from './stack.ts';

// Whatever an answer has in it can be sent back: SDKs push the message as they received it. Each conversation goes a tool
// call and two turns further, and no request of it may be refused, also by a caller who refuses unknown members.

const models = ['near_qwen3_30b', 'phala_deepseek_r1', 'vercel_gpt_4o'];
const ask = '[[call:get_weather {"city":"Bern"}]] What is the weather?';
const schema = { type: 'object' as const, properties: { city: { type: 'string' as const } }, required: ['city'] };
const ways = models.flatMap((model) => ['whole', 'streamed'].map((way) => [model, way] as const));

const stack = new Stack();
let openai: OpenAI;
let anthropic: Anthropic;

beforeAll(async () => {
  await stack.start();
  const { api, demo } = stack.file;
  const defaultHeaders = { 'x-ollm-strict': 'true' };
  openai = new OpenAI({ baseURL: `${api}/v1`, apiKey: demo.key, defaultHeaders, maxRetries: 0 });
  anthropic = new Anthropic({ baseURL: api, apiKey: demo.key, defaultHeaders, maxRetries: 0 });
  for (const provider of ['near', 'phala', 'vercel']) await stack.control(provider, { reasoningTokens: 3 });
});
afterAll(() => stack.remove());

describe.each(ways)('a conversation with %s, %s', (model, way) => {
  test('goes on in chat', async () => {
    const messages: OpenAI.ChatCompletionMessageParam[] = [{ role: 'user', content: ask }];
    const tools: OpenAI.ChatCompletionTool[] = [
      { type: 'function', function: { name: 'get_weather', parameters: schema } },
    ];
    const next = async () => {
      const request = { model, messages, tools };
      const answer =
        way === 'whole'
          ? await openai.chat.completions.create(request)
          : await openai.chat.completions.stream(request).finalChatCompletion();
      const { message } = answer.choices[0]!;
      messages.push(message);
      return message;
    };
    const call = (await next()).tool_calls?.[0];
    expect(call).toMatchObject({ type: 'function', function: { name: 'get_weather' } });
    messages.push({ role: 'tool', tool_call_id: call!.id, content: 'sunny' });
    expect((await next()).content).toMatch(/\w+ \w+/);
    messages.push({ role: 'user', content: 'And tomorrow?' });
    expect((await next()).content).toMatch(/\w+ \w+/);
  });

  test('goes on in responses', async () => {
    const input: OpenAI.Responses.ResponseInput = [{ role: 'user', content: ask }];
    const next = async () => {
      const request = {
        model,
        input,
        store: false,
        include: ['reasoning.encrypted_content' as const],
        tools: [{ type: 'function' as const, name: 'get_weather', parameters: schema, strict: false }],
      };
      const answer =
        way === 'whole'
          ? await openai.responses.create(request)
          : await openai.responses.stream(request).finalResponse();
      input.push(...(answer.output as OpenAI.Responses.ResponseInputItem[]));
      return answer;
    };
    const output = (await next()).output as OpenAI.Responses.ResponseOutputItem[];
    const call = output.find((item) => item.type === 'function_call');
    expect(call).toMatchObject({ name: 'get_weather', status: 'completed' });
    input.push({ type: 'function_call_output', call_id: call!.call_id, output: 'sunny' });
    expect((await next()).output_text).toMatch(/\w+ \w+/);
    input.push({ role: 'user', content: 'And tomorrow?' });
    expect((await next()).output_text).toMatch(/\w+ \w+/);
  });

  test('goes on in messages', async () => {
    const messages: Anthropic.MessageParam[] = [{ role: 'user', content: ask }];
    const next = async () => {
      const request = {
        model,
        messages,
        max_tokens: 2_000,
        thinking: { type: 'enabled' as const, budget_tokens: 1_024 },
        tools: [{ name: 'get_weather', input_schema: schema }],
      };
      const answer =
        way === 'whole'
          ? await anthropic.messages.create(request)
          : await anthropic.messages.stream(request).finalMessage();
      messages.push({ role: 'assistant', content: answer.content as Anthropic.ContentBlockParam[] });
      return answer;
    };
    const call = (await next()).content.find((block) => block.type === 'tool_use');
    expect(call).toMatchObject({ name: 'get_weather', input: { city: 'Bern' } });
    messages.push({ role: 'user', content: [{ type: 'tool_result', tool_use_id: call!.id, content: 'sunny' }] });
    expect((await next()).content.map(({ type }) => type)).toContain('text');
    messages.push({ role: 'user', content: 'And tomorrow?' });
    expect((await next()).content.map(({ type }) => type)).toContain('text');
  });
});

describe('reasoning that a caller keeps', () => {
  const ask = (model: string, input: OpenAI.Responses.ResponseInput) =>
    openai.responses.create({ model, input, store: false, include: ['reasoning.encrypted_content'] }).withResponse();
  const question = { role: 'user' as const, content: 'Hello' };

  test('comes sealed, is read again by its model, left out for another, and refused when it was changed', async () => {
    const { data } = await ask('near_qwen3_30b', [question]);
    const output = data.output as OpenAI.Responses.ResponseInputItem[];
    const reasoning = output.find((item) => item.type === 'reasoning')!;
    const { encrypted_content: seal } = reasoning;
    expect(seal).toMatch(/^orgn1\./);
    const next = [question, ...output, { role: 'user' as const, content: 'Go on' }];
    expect((await ask('near_qwen3_30b', next)).response.headers.get('x-ollm-dropped')).not.toMatch(/encrypted_content/);
    expect((await ask('phala_deepseek_r1', next)).response.headers.get('x-ollm-dropped')).toMatch(
      /input\[1\]\.encrypted_content/,
    );
    const forged = {
      ...reasoning,
      encrypted_content: `${seal!.slice(0, -8)}${seal!.endsWith('AAAAAAAA') ? 'BBBBBBBB' : 'AAAAAAAA'}`,
    };
    await expect(ask('near_qwen3_30b', [question, forged, { role: 'user', content: 'Go on' }])).rejects.toMatchObject({
      status: 400,
    });
  });
});
