import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import Anthropic from '@anthropic-ai/sdk';
import { HumanMessage } from '@langchain/core/messages';
import { ChatOpenAI } from '@langchain/openai';
import { generateText, jsonSchema, stepCountIs, streamText, tool } from 'ai';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import OpenAI, { toFile } from 'openai';
import { Stack } from './stack.ts';

// Unpatched SDKs, as their users call them: nothing is set but the base URL and the key.

const model = 'near_qwen3_30b';
const question = [{ role: 'user' as const, content: 'Hello' }];
const place = { type: 'object' as const, properties: { city: { type: 'string' as const } }, required: ['city'] };
const said = /\w+ \w+/;

const stack = new Stack();
let openai: OpenAI;
let anthropic: Anthropic;

/** One second of silence as a WAV file. */
function silence(): Buffer {
  const data = Buffer.alloc(16_000);
  const header = Buffer.alloc(44);
  header.write('RIFF', 0);
  header.writeUInt32LE(36 + data.length, 4);
  header.write('WAVEfmt ', 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(8_000, 24);
  header.writeUInt32LE(16_000, 28);
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(16, 34);
  header.write('data', 36);
  header.writeUInt32LE(data.length, 40);
  return Buffer.concat([header, data]);
}

beforeAll(async () => {
  await stack.start();
  const { api, demo } = stack.file;
  openai = new OpenAI({ baseURL: `${api}/v1`, apiKey: demo.key });
  anthropic = new Anthropic({ baseURL: api, apiKey: demo.key });
});
afterAll(() => stack.remove());

describe('openai', () => {
  test('chats', async () => {
    const answer = await openai.chat.completions.create({ model, messages: question });
    expect(answer.choices[0]!.message.content).toMatch(said);
    expect(answer.usage!.total_tokens).toBeGreaterThan(0);
  });

  test('streams with its own accumulator', async () => {
    const stream = openai.chat.completions.stream({
      model,
      messages: question,
      stream_options: { include_usage: true },
    });
    const pieces = await Array.fromAsync(stream);
    const whole = await stream.finalChatCompletion();
    expect(pieces.length).toBeGreaterThan(3);
    expect(whole.choices[0]!.message.content).toMatch(said);
    expect((await stream.totalUsage()).completion_tokens).toBeGreaterThan(0);
  });

  test('has a tool called and goes on with its result', async () => {
    const tools = [{ type: 'function' as const, function: { name: 'weather', parameters: place } }];
    const first = await openai.chat.completions.create({ model, messages: question, tools, tool_choice: 'required' });
    const { message } = first.choices[0]!;
    const call = message.tool_calls![0]!;
    expect(call.type === 'function' && JSON.parse(call.function.arguments)).toHaveProperty('city');
    const result = { role: 'tool' as const, tool_call_id: call.id, content: 'sunny' };
    const second = await openai.chat.completions.create({ model, messages: [...question, message, result], tools });
    expect(second.choices[0]!.message.content).toMatch(said);
  });

  test('parses a structured answer', async () => {
    const schema = { ...place, additionalProperties: false };
    const answer = await openai.chat.completions.parse({
      model,
      messages: question,
      response_format: { type: 'json_schema', json_schema: { name: 'place', schema, strict: true } },
    });
    expect(JSON.parse(answer.choices[0]!.message.content!)).toEqual({ city: expect.any(String) });
  });

  test('gets a response, plain and streamed', async () => {
    const response = await openai.responses.create({ model, input: 'Hello' });
    expect(response.output_text).toMatch(said);
    const stream = openai.responses.stream({ model, input: 'Hello' });
    const types = (await Array.fromAsync(stream)).map(({ type }) => type);
    expect(types.slice(0, 3)).toEqual(['response.created', 'response.in_progress', 'response.output_item.added']);
    expect(types.at(-1)).toBe('response.completed');
    expect((await stream.finalResponse()).output_text).toBe(response.output_text);
  });

  test('gets a function call as a response', async () => {
    const tools = [{ type: 'function' as const, name: 'weather', parameters: place, strict: false }];
    const response = await openai.responses.create({ model, input: 'Hello', tools, tool_choice: 'required' });
    const call = response.output.find((item) => item.type === 'function_call')!;
    expect(JSON.parse(call.arguments)).toHaveProperty('city');
  });

  test('learns that responses are not kept', async () => {
    await expect(openai.responses.retrieve('resp_1')).rejects.toMatchObject({
      status: 400,
      code: 'not_supported_zero_retention',
    });
  });

  test('embeds texts', async () => {
    const { data, usage } = await openai.embeddings.create({
      model: 'vercel_text_embedding_3_small',
      input: ['Hello', 'there'],
      dimensions: 8,
    });
    expect(data.map(({ embedding }) => embedding.length)).toEqual([8, 8]);
    expect(usage.prompt_tokens).toBeGreaterThan(0);
  });

  test('transcribes a file', async () => {
    const file = await toFile(silence(), 'speech.wav');
    const { text } = await openai.audio.transcriptions.create({ model: 'near_whisper_large_v3', file });
    expect(text).toMatch(said);
  });

  test('completes a prompt', async () => {
    const answer = await openai.completions.create({ model, prompt: 'Once' });
    expect(answer.choices[0]!.text).toMatch(said);
  });

  test('lists models and looks one up', async () => {
    const ids = (await Array.fromAsync(openai.models.list())).map(({ id }) => id);
    expect(ids).toContain(model);
    expect((await openai.models.retrieve(model)).id).toBe(model);
  });
});

describe('@anthropic-ai/sdk', () => {
  const request = { model, max_tokens: 200, messages: question };
  const tools = [{ name: 'weather', input_schema: place }];

  test('gets a message', async () => {
    const message = await anthropic.messages.create(request);
    expect(message.content[0]).toMatchObject({ type: 'text', text: expect.stringMatching(said) });
    expect(message._request_id).toMatch(/^[0-9a-f-]{36}$/);
    expect(message.usage.output_tokens).toBeGreaterThan(0);
  });

  test('streams one with its own accumulator', async () => {
    const stream = anthropic.messages.stream(request);
    const types = new Set((await Array.fromAsync(stream)).map(({ type }) => type));
    expect([...types]).toEqual(
      expect.arrayContaining([
        'message_start',
        'content_block_start',
        'content_block_delta',
        'message_delta',
        'message_stop',
      ]),
    );
    expect(await stream.finalText()).toMatch(said);
  });

  test('has a tool used and goes on with its result', async () => {
    const first = await anthropic.messages.create({ ...request, tools, tool_choice: { type: 'any' } });
    const use = first.content.find((block) => block.type === 'tool_use')!;
    expect(first.stop_reason).toBe('tool_use');
    expect(use).toMatchObject({ name: 'weather', input: { city: expect.any(String) } });
    const result = { type: 'tool_result' as const, tool_use_id: use.id, content: 'sunny' };
    const messages = [
      ...question,
      { role: 'assistant' as const, content: first.content },
      { role: 'user' as const, content: [result] },
    ];
    const second = await anthropic.messages.create({ ...request, tools, messages });
    expect(second.content[0]).toMatchObject({ type: 'text' });
  });

  test('streams the use of a tool', async () => {
    const stream = anthropic.messages.stream({ ...request, tools, tool_choice: { type: 'tool', name: 'weather' } });
    const message = await stream.finalMessage();
    expect(message.content.find((block) => block.type === 'tool_use')).toMatchObject({
      input: { city: expect.any(String) },
    });
  });

  test('counts tokens', async () => {
    const { input_tokens, ...others } = await anthropic.messages.countTokens({ model, messages: question });
    expect(input_tokens).toBeGreaterThan(0);
    expect(input_tokens).toBeLessThan(100);
    expect(others).toMatchObject({ input_tokens_bound: expect.any(Number) });
  });

  test('throws its own error classes', async () => {
    const stranger = new Anthropic({ baseURL: stack.file.api, apiKey: 'sk-ollm-aaaaaaaaaaaaaaaaaaaaaaaaa0ecfgzd' });
    await expect(stranger.messages.create(request)).rejects.toBeInstanceOf(Anthropic.AuthenticationError);
    await expect(anthropic.messages.create({ ...request, model: 'nothing' })).rejects.toBeInstanceOf(
      Anthropic.NotFoundError,
    );
  });
});

describe('a stream that breaks off half-way', () => {
  beforeEach(() => stack.control('near', { cutAfterChunks: 3 }));
  afterEach(() => stack.control('near', {}));

  test('is an error of the SDK and not an end, whichever protocol it speaks', async () => {
    const chat = await openai.chat.completions.create({ model, messages: question, stream: true });
    await expect(Array.fromAsync(chat)).rejects.toMatchObject({ code: 'provider_unavailable' });
    const responses = await openai.responses.create({ model, input: 'Hello', stream: true });
    await expect(Array.fromAsync(responses)).rejects.toBeInstanceOf(OpenAI.APIError);
    const message = anthropic.messages.stream({ model, max_tokens: 200, messages: question });
    await expect(message.finalMessage()).rejects.toBeInstanceOf(Anthropic.APIError);
  });
});

describe('ai with @ai-sdk/openai-compatible', () => {
  const provider = () =>
    createOpenAICompatible({ name: 'orgn', baseURL: `${stack.file.api}/v1`, apiKey: stack.file.demo.key });

  test('generates text, and streams it', async () => {
    const { text, usage } = await generateText({ model: provider()(model), prompt: 'Hello' });
    expect(text).toMatch(said);
    expect(usage.outputTokens).toBeGreaterThan(0);
    const streamed = streamText({ model: provider()(model), prompt: 'Hello' });
    expect((await Array.fromAsync(streamed.textStream)).join('')).toBe(text);
  });

  test('runs a tool', async () => {
    const asked: unknown[] = [];
    const weather = tool({
      inputSchema: jsonSchema<{ city: string }>({ ...place, additionalProperties: false }),
      execute: (input) => {
        asked.push(input);
        return 'sunny';
      },
    });
    const options = { model: provider()(model), prompt: 'Hello', tools: { weather } };
    const { toolCalls } = await generateText({ ...options, toolChoice: 'required', stopWhen: stepCountIs(1) });
    expect(toolCalls).toMatchObject([{ toolName: 'weather', input: { city: expect.any(String) } }]);
    expect(asked).toEqual([{ city: expect.any(String) }]);
  });
});

describe('@langchain/openai', () => {
  test('invokes and streams', async () => {
    const { api, demo } = stack.file;
    const chat = new ChatOpenAI({ model, apiKey: demo.key, configuration: { baseURL: `${api}/v1` } });
    const answer = await chat.invoke([new HumanMessage('Hello')]);
    expect(answer.text).toMatch(said);
    const chunks = await Array.fromAsync(await chat.stream('Hello'));
    expect(chunks.map(({ text }) => text).join('')).toBe(answer.text);
  });
});
