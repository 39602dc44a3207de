import { describe, expect, test } from '@jest/globals';
import { ServiceError } from '@orgn/contracts';
import OpenAI from 'openai';
import { parseResponseRequest } from './parse-response-request.ts';
import { ResponseStream, toResponse, type ResponseContext } from './response-stream.ts';

const body = Buffer.from('{"model":"near_x","input":"Hi","stream":true}');
const context: ResponseContext = {
  responseId: 'resp_1',
  createdAt: 1,
  model: 'near_x',
  request: parseResponseRequest(body),
};
const usage = {
  prompt_tokens: 7,
  completion_tokens: 5,
  total_tokens: 12,
  prompt_tokens_details: { cached_tokens: 3 },
  completion_tokens_details: { reasoning_tokens: 2 },
};
const chunk = (delta: object, more: object = {}) =>
  Buffer.from(JSON.stringify({ id: 'c', choices: [{ index: 0, delta, ...more }] }));
const chunks = [
  chunk({ role: 'assistant', content: '' }),
  chunk({ reasoning_content: 'I ' }),
  chunk({ reasoning_content: 'think' }),
  chunk({ content: 'Hel' }),
  chunk({ content: 'lo' }),
  chunk({ tool_calls: [{ index: 0, id: 'a', type: 'function', function: { name: 'f', arguments: '' } }] }),
  chunk({ tool_calls: [{ index: 0, function: { arguments: '{"x"' } }] }),
  chunk({ tool_calls: [{ index: 0, function: { arguments: ':1}' } }] }),
  chunk({ tool_calls: [{ index: 1, id: 'b', type: 'custom', custom: { name: 'c', input: 'go' } }] }),
  chunk({}, { finish_reason: 'tool_calls' }),
  Buffer.from(JSON.stringify({ id: 'c', choices: [], usage })),
];

interface Event {
  type: string;
  sequence_number: number;
  [field: string]: unknown;
}
const eventsOf = (bytes: Buffer): Event[] =>
  bytes
    .toString()
    .split('\n\n')
    .filter(Boolean)
    .map((text) => {
      const [, name, data] = /^event: (.+)\ndata: (.+)$/.exec(text) ?? [];
      const event = JSON.parse(data ?? '') as Event;
      expect(event.type).toBe(name);
      return event;
    });
const streamOf = (jsons: readonly Buffer[]) => {
  const stream = new ResponseStream(context);
  return Buffer.concat([...jsons.map((json) => stream.push(json)), stream.finish()]);
};
/** OpenAI's own client, fed with our bytes. */
const clientOf = (bytes: Buffer, type: string) =>
  new OpenAI({
    apiKey: 'k',
    maxRetries: 0,
    fetch: async () => new Response(new Uint8Array(bytes), { headers: { 'content-type': type } }),
  });

describe('ResponseStream', () => {
  test('names and orders events as OpenAI does', () => {
    const events = eventsOf(streamOf(chunks));
    expect(events.map((event) => event.type.replace('response.', ''))).toEqual([
      'created',
      'in_progress',
      'output_item.added',
      'content_part.added',
      'reasoning_summary_part.added',
      'reasoning_text.delta',
      'reasoning_summary_text.delta',
      'reasoning_text.delta',
      'reasoning_summary_text.delta',
      'reasoning_text.done',
      'content_part.done',
      'reasoning_summary_text.done',
      'reasoning_summary_part.done',
      'output_item.done',
      'output_item.added',
      'content_part.added',
      'output_text.delta',
      'output_text.delta',
      'output_text.done',
      'content_part.done',
      'output_item.done',
      'output_item.added',
      'function_call_arguments.delta',
      'function_call_arguments.delta',
      'function_call_arguments.done',
      'output_item.done',
      'output_item.added',
      'custom_tool_call_input.delta',
      'custom_tool_call_input.done',
      'output_item.done',
      'completed',
    ]);
    expect(events.map((event) => event.sequence_number)).toEqual(events.map((_event, at) => at));
  });

  test("is put together by OpenAI's own client", async () => {
    const client = clientOf(streamOf(chunks), 'text/event-stream');
    const response = await client.responses.stream({ model: 'near_x', input: 'Hi' }).finalResponse();
    expect(response).toMatchObject({
      id: 'resp_1',
      status: 'completed',
      model: 'near_x',
      store: false,
      output_text: 'Hello',
      output: [
        {
          type: 'reasoning',
          status: 'completed',
          content: [{ type: 'reasoning_text', text: 'I think' }],
          summary: [{ type: 'summary_text', text: 'I think' }],
        },
        { type: 'message', status: 'completed', content: [{ type: 'output_text', text: 'Hello' }] },
        { type: 'function_call', call_id: 'a', name: 'f', arguments: '{"x":1}' },
        { type: 'custom_tool_call', call_id: 'b', name: 'c', input: 'go' },
      ],
      usage: {
        input_tokens: 7,
        input_tokens_details: { cached_tokens: 3 },
        output_tokens: 5,
        output_tokens_details: { reasoning_tokens: 2 },
        total_tokens: 12,
      },
    });
  });

  test.each([
    ['length', 'max_output_tokens'],
    ['content_filter', 'content_filter'],
  ])('says that an answer cut by %s is incomplete', async (finish_reason, reason) => {
    const bytes = streamOf([chunk({ content: 'Hel' }, { finish_reason })]);
    const last = eventsOf(bytes).at(-1);
    expect(last).toMatchObject({
      type: 'response.incomplete',
      response: {
        status: 'incomplete',
        incomplete_details: { reason },
        output: [{ status: 'incomplete', content: [{ text: 'Hel' }] }],
        usage: null,
      },
    });
  });

  test('shows a refusal as a part of its own', async () => {
    const client = clientOf(streamOf([chunk({ refusal: 'No' }), chunk({ refusal: '.' })]), 'text/event-stream');
    const response = await client.responses.stream({ model: 'near_x', input: 'Hi' }).finalResponse();
    expect(response.output).toMatchObject([{ type: 'message', content: [{ type: 'refusal', refusal: 'No.' }] }]);
  });

  test('carries log probabilities to the text they belong to', async () => {
    const logprob = { token: 'Hi', logprob: -1, bytes: [72, 105], top_logprobs: [] };
    const bytes = streamOf([chunk({ content: 'Hi' }, { logprobs: { content: [logprob] } })]);
    const done = eventsOf(bytes).find((event) => event.type === 'response.output_text.done');
    expect(done?.logprobs).toEqual([logprob]);
  });

  test("makes OpenAI's client throw our error when the provider fails midway", async () => {
    const stream = new ResponseStream(context);
    const bytes = Buffer.concat([
      stream.push(chunk({ content: 'Hel' })),
      stream.fail({ code: 'provider_unavailable', message: 'The provider broke off.' }),
    ]);
    expect(eventsOf(bytes).slice(-2)).toMatchObject([
      {
        type: 'response.failed',
        sequence_number: 5,
        response: { status: 'failed', error: { code: 'server_error', message: 'The provider broke off.' } },
      },
      { type: 'error', sequence_number: 6, code: 'provider_unavailable', message: 'The provider broke off.' },
    ]);
    expect(eventsOf(bytes).at(-1)?.error).toMatchObject({ type: 'server_error', message: 'The provider broke off.' });
    const events = await clientOf(bytes, 'text/event-stream').responses.create({
      model: 'near_x',
      input: 'Hi',
      stream: true,
    });
    const read = async () => {
      for await (const event of events) expect(event.type).toBeDefined();
    };
    await expect(read()).rejects.toMatchObject({ code: 'provider_unavailable' });
  });

  test("tells a failure before the first event to OpenAI's gathering reader", async () => {
    const bytes = new ResponseStream(context).fail({ code: 'provider_unavailable', message: 'Nobody is there.' });
    expect(eventsOf(bytes).map(({ type, sequence_number: at }) => [at, type])).toEqual([
      [0, 'response.created'],
      [1, 'response.in_progress'],
      [2, 'response.failed'],
      [3, 'error'],
    ]);
    const stream = clientOf(bytes, 'text/event-stream').responses.stream({ model: 'near_x', input: 'Hi' });
    await expect(stream.finalResponse()).rejects.toThrow('Nobody is there.');
  });

  test.each([
    ['', 'no JSON'],
    ['{"choices":5}', 'choices that are none'],
    ['{"error":{"message":"secret"}}', "a provider's error"],
    [
      JSON.stringify({ choices: [{ delta: { tool_calls: [{ index: 0, function: { arguments: 'x' } }] } }] }),
      'a nameless call',
    ],
  ])('refuses %s: %s, without quoting it', (json) => {
    const push = () => streamOf([Buffer.from(json)]);
    expect(push).toThrow(ServiceError);
    expect(push).not.toThrow(/secret/);
  });
});

describe('toResponse', () => {
  const message = {
    role: 'assistant',
    content: 'Hello',
    reasoning_content: 'I think',
    tool_calls: [{ id: 'a', type: 'function', function: { name: 'f', arguments: '{"x":1}' } }],
  };
  const answer = Buffer.from(JSON.stringify({ choices: [{ index: 0, message, finish_reason: 'tool_calls' }], usage }));

  test("is a response that OpenAI's client reads", async () => {
    const client = clientOf(toResponse(answer, context), 'application/json');
    const response = await client.responses.create({ model: 'near_x', input: 'Hi' });
    expect(response).toMatchObject({
      object: 'response',
      status: 'completed',
      output_text: 'Hello',
      output: [{ type: 'reasoning' }, { type: 'message' }, { type: 'function_call', arguments: '{"x":1}' }],
      parallel_tool_calls: true,
      text: { format: { type: 'text' } },
    });
  });

  test('is the same as its stream put together', () => {
    const streamed = eventsOf(streamOf([answer])).at(-1)?.response;
    expect(JSON.parse(toResponse(answer, context).toString())).toEqual(streamed);
  });
});
