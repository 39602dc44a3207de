import { describe, expect, test } from '@jest/globals';
import Anthropic from '@anthropic-ai/sdk';
import { ServiceError } from '@orgn/contracts';
import { MessageStream, messageErrorEvent, toMessage, type MessageContext } from './message-stream.ts';
import { parseMessageRequest } from './parse-message-request.ts';

const contextOf = (fields: object = {}): MessageContext => ({
  messageId: 'msg_1',
  model: 'near_x',
  requestId: 'r',
  request: parseMessageRequest(
    Buffer.from(
      JSON.stringify({ model: 'near_x', max_tokens: 9, messages: [{ role: 'user', content: 'Hi' }], ...fields }),
    ),
  ),
});
const thinking = { thinking: { type: 'enabled', budget_tokens: 2048 } };
const usage = { prompt_tokens: 7, completion_tokens: 5, prompt_tokens_details: { cached_tokens: 3 } };
const chunk = (delta: object, more: object = {}) =>
  Buffer.from(JSON.stringify({ id: 'c', choices: [{ index: 0, delta, ...more }] }));
const chunks = [
  chunk({ role: 'assistant', content: '' }),
  chunk({ reasoning_content: 'I think' }),
  chunk({ content: 'Hel' }),
  chunk({ content: 'lo' }),
  chunk({ tool_calls: [{ index: 0, id: 'a', type: 'function', function: { name: 'f', arguments: '' } }] }),
  chunk({ tool_calls: [{ index: 0, function: { arguments: '{"x"' } }] }),
  chunk({ tool_calls: [{ index: 0, function: { arguments: ':1}' } }] }),
  chunk({ tool_calls: [{ index: 1, id: 'b', type: 'function', function: { name: 'g', arguments: '' } }] }),
  chunk({}, { finish_reason: 'tool_calls' }),
  Buffer.from(JSON.stringify({ id: 'c', choices: [], usage })),
];
const streamOf = (jsons: readonly Buffer[], context = contextOf(thinking)) => {
  const stream = new MessageStream(context);
  return Buffer.concat([...jsons.map((json) => stream.push(json)), stream.finish()]);
};
const namesOf = (bytes: Buffer) => [...bytes.toString().matchAll(/^event: (.+)$/gm)].map((match) => match[1]);
/** Anthropic's own client, fed with our bytes. */
const clientOf = (bytes: Buffer, type: string) =>
  new Anthropic({
    apiKey: 'k',
    maxRetries: 0,
    fetch: async () => new Response(new Uint8Array(bytes), { headers: { 'content-type': type } }),
  });
const finalMessage = (bytes: Buffer) =>
  clientOf(bytes, 'text/event-stream')
    .messages.stream({ model: 'near_x', max_tokens: 9, messages: [{ role: 'user', content: 'Hi' }] })
    .finalMessage();

describe('MessageStream', () => {
  test('names and orders events as Anthropic does', () => {
    expect(namesOf(streamOf(chunks))).toEqual([
      'message_start',
      'ping',
      'content_block_start',
      'content_block_delta',
      'content_block_delta',
      'content_block_stop',
      'content_block_start',
      'content_block_delta',
      'content_block_delta',
      'content_block_stop',
      'content_block_start',
      'content_block_delta',
      'content_block_delta',
      'content_block_stop',
      'content_block_start',
      'content_block_stop',
      'message_delta',
      'message_stop',
    ]);
  });

  test('begins with an estimate of the input, and ends with what was counted', () => {
    const sent = streamOf(chunks, { ...contextOf(), promptEstimate: () => 12 }).toString();
    expect(/^data: (.*"message_start".*)$/m.exec(sent)?.[1]).toContain('"input_tokens":12');
    expect(/^data: (.*"message_delta".*)$/m.exec(sent)?.[1]).toContain('"input_tokens":4');
  });

  test("is put together by Anthropic's own client", async () => {
    expect(await finalMessage(streamOf(chunks))).toMatchObject({
      id: 'msg_1',
      model: 'near_x',
      role: 'assistant',
      stop_reason: 'tool_use',
      content: [
        { type: 'thinking', thinking: 'I think', signature: 'dW5zaWduZWQ=' },
        { type: 'text', text: 'Hello' },
        { type: 'tool_use', id: 'a', name: 'f', input: { x: 1 } },
        { type: 'tool_use', id: 'b', name: 'g', input: {} },
      ],
      usage: { input_tokens: 4, cache_read_input_tokens: 3, output_tokens: 5 },
    });
  });

  test.each([{}, { thinking: { type: 'disabled' } }, { thinking: { type: 'adaptive', display: 'omitted' } }])(
    'leaves reasoning out for %j',
    async (fields) => {
      const message = await finalMessage(streamOf(chunks, contextOf(fields)));
      expect(message.content.map((block) => block.type)).toEqual(['text', 'tool_use', 'tool_use']);
    },
  );

  test.each([
    [{ finish_reason: 'stop' }, 'end_turn', null],
    [{ finish_reason: 'stop', stop_reason: 'END' }, 'stop_sequence', 'END'],
    [{ finish_reason: 'stop', stop_reason: '<|eot|>' }, 'end_turn', null],
    [{ finish_reason: 'length' }, 'max_tokens', null],
    [{ finish_reason: 'content_filter' }, 'refusal', null],
  ])('ends %j with %s', async (more, stop_reason, stop_sequence) => {
    const bytes = streamOf([chunk({ content: 'x' }, more)], contextOf({ stop_sequences: ['END'] }));
    expect(await finalMessage(bytes)).toMatchObject({ stop_reason, stop_sequence });
  });

  test('asks for the result of a call even when the provider says that it stopped', async () => {
    const call = chunk({ tool_calls: [{ index: 0, id: 'a', function: { name: 'f', arguments: '{}' } }] });
    const bytes = streamOf([call, chunk({}, { finish_reason: 'stop' })]);
    expect(await finalMessage(bytes)).toMatchObject({ stop_reason: 'tool_use' });
  });

  test("makes Anthropic's client throw our error when the provider fails midway", async () => {
    const stream = new MessageStream(contextOf());
    const error = { code: 'provider_unavailable', message: 'The provider broke off.' } as const;
    const bytes = Buffer.concat([stream.push(chunk({ content: 'Hel' })), stream.fail(error)]);
    expect(bytes.includes(messageErrorEvent(error, 'r'))).toBe(true);
    await expect(finalMessage(bytes)).rejects.toMatchObject({ type: 'api_error' });
  });

  test.each(['[1]', 'null', '{"a":'])('refuses a call whose arguments are %s', (input) => {
    const call = chunk({ tool_calls: [{ index: 0, id: 'a', function: { name: 'f', arguments: input } }] });
    expect(() => streamOf([call])).toThrow(ServiceError);
  });
});

describe('an answer cut within a call', () => {
  test('ends with max_tokens and the part of the arguments that there is', async () => {
    const call = { index: 0, id: 'a', function: { name: 'f', arguments: '{"x":1,"y' } };
    const bytes = streamOf([chunk({ tool_calls: [call] }, { finish_reason: 'length' })]);
    const message = await finalMessage(bytes);
    expect(message).toMatchObject({ stop_reason: 'max_tokens', content: [{ type: 'tool_use', input: { x: 1 } }] });
  });
});

describe('toMessage', () => {
  const message = {
    content: 'Hello',
    tool_calls: [{ id: 'a', type: 'function', function: { name: 'f', arguments: '{"x":1}' } }],
  };
  const answer = Buffer.from(JSON.stringify({ choices: [{ index: 0, message, finish_reason: 'tool_calls' }], usage }));

  test("is a message that Anthropic's client reads, the same as its stream put together", async () => {
    const whole = await clientOf(toMessage(answer, contextOf()), 'application/json').messages.create({
      model: 'near_x',
      max_tokens: 9,
      messages: [{ role: 'user', content: 'Hi' }],
    });
    expect(whole).toMatchObject({
      type: 'message',
      stop_reason: 'tool_use',
      content: [
        { type: 'text', text: 'Hello' },
        { type: 'tool_use', input: { x: 1 } },
      ],
      usage: { input_tokens: 4, output_tokens: 5 },
    });
    expect((await finalMessage(streamOf([answer], contextOf()))).content).toEqual(whole.content);
  });
});
