import { describe, expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import { ServiceError } from '@orgn/contracts';
import { MessageStream, toMessage, type MessageContext } from '../messages/message-stream.ts';
import { parseMessageRequest } from '../messages/parse-message-request.ts';
import { parseResponseRequest } from '../responses/parse-response-request.ts';
import { ResponseStream, toResponse, type ResponseContext } from '../responses/response-stream.ts';
import { dataOf } from '../sse/event-data.ts';
import { EventSplitter } from '../sse/event-splitter.ts';

/** `npm run test:long` looks harder. */
const isLong = process.env.TEST_LONG === '1';
const numRuns = isLong ? 10_000 : 200;
if (isLong) jest.setTimeout(600_000);
const response: ResponseContext = {
  responseId: 'resp_1',
  createdAt: 1,
  model: 'm',
  request: parseResponseRequest(Buffer.from('{"model":"m","input":"Hi"}')),
};
const message: MessageContext = {
  messageId: 'msg_1',
  model: 'm',
  requestId: 'r',
  request: parseMessageRequest(
    Buffer.from(
      '{"model":"m","max_tokens":9,"messages":[{"role":"user","content":"Hi"}],"thinking":{"type":"adaptive"}}',
    ),
  ),
};

const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 });
const call = fc.record({
  type: fc.constant('function'),
  function: fc.record({
    name: fc.constantFrom('f', 'g'),
    arguments: fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 1 })).map((value) => JSON.stringify(value)),
  }),
});
/** What a model may answer: reasoning, text and calls, each or none of them. */
const answered = fc.record({
  reasoning_content: fc.option(text, { nil: undefined }),
  content: fc.option(text),
  refusal: fc.option(text),
  tool_calls: fc.option(
    fc
      .array(call, { maxLength: 3 })
      .map((calls) => calls.map((each, index) => ({ ...each, index, id: `call_${index}` }))),
    { nil: undefined },
  ),
});
const finish = fc.constantFrom('stop', 'length', 'tool_calls', 'content_filter', null);
const usage = fc.record({ prompt_tokens: fc.nat(), completion_tokens: fc.nat() });
const wholeAnswer = fc
  .record({ answer: answered, finish, usage: fc.option(usage) })
  .map(({ answer, finish: finish_reason, usage: figures }) => ({
    answer,
    json: { id: 'c', model: 'up', choices: [{ index: 0, message: answer, finish_reason }], usage: figures },
  }));

const toBytes = (value: object) => Buffer.from(JSON.stringify(value));

/** The same answer as a stream: each text cut where `cuts` says, between UTF-16 units as tokenizers may do. */
function chunksOf({ answer, json }: { answer: Record<string, unknown>; json: { usage: unknown } }, cuts: number[]) {
  const choice = (json as unknown as { choices: { finish_reason: string | null }[] }).choices[0];
  const chunk = (delta: object, finish_reason: string | null = null) => ({
    choices: [{ index: 0, delta, finish_reason }],
  });
  const pieces = (whole: string) => {
    const at = [...new Set(cuts.map((cut) => cut % (whole.length + 1)))].sort((a, b) => a - b);
    return [...at, whole.length].map((end, index) => whole.slice(at[index - 1] ?? 0, end));
  };
  const texts = ['reasoning_content', 'content', 'refusal'].flatMap((name) =>
    typeof answer[name] === 'string' ? pieces(answer[name]).map((piece) => chunk({ [name]: piece })) : [],
  );
  const calls = (answer.tool_calls ?? []) as {
    index: number;
    id: string;
    function: { name: string; arguments: string };
  }[];
  const callChunks = calls.flatMap(({ index, id, function: { name, arguments: json_ } }) => [
    chunk({ tool_calls: [{ index, id, type: 'function', function: { name, arguments: '' } }] }),
    ...pieces(json_).map((piece) => chunk({ tool_calls: [{ index, function: { arguments: piece } }] })),
  ]);
  const end = chunk({}, choice?.finish_reason);
  return [chunk({ role: 'assistant', content: '' }), ...texts, ...callChunks, end, { choices: [], usage: json.usage }];
}

interface Translator {
  push(json: Buffer): Buffer;
  finish(): Buffer;
}
const translators: [string, () => Translator, (answer: Buffer) => Buffer][] = [
  ['ResponseStream', () => new ResponseStream(response), (answer) => toResponse(answer, response)],
  ['MessageStream', () => new MessageStream(message), (answer) => toMessage(answer, message)],
];

describe.each(translators)('%s', (_name, make, toWhole) => {
  const translate = (chunks: readonly object[]) => {
    const stream = make();
    return Buffer.concat([...chunks.map((each) => stream.push(toBytes(each))), stream.finish()]);
  };

  test('takes every well-formed answer, whole and as a stream', () => {
    fc.assert(
      fc.property(wholeAnswer, fc.array(fc.nat(), { maxLength: 4 }), (whole, cuts) => {
        expect(() => toWhole(toBytes(whole.json))).not.toThrow();
        expect(() => translate(chunksOf(whole, cuts))).not.toThrow();
      }),
      { numRuns },
    );
  });

  test('writes the same bytes however the stream is cut, also inside of characters', () => {
    fc.assert(
      fc.property(wholeAnswer, fc.array(fc.nat(), { maxLength: 30 }), (whole, cuts) => {
        const chunks = chunksOf(whole, [1]);
        const stream = Buffer.concat(chunks.map((each) => Buffer.from(`data: ${JSON.stringify(each)}\n\n`)));
        const at = [...new Set(cuts.map((cut) => cut % (stream.length + 1)))].sort((a, b) => a - b);
        const splitter = new EventSplitter(1_000_000);
        const translator = make();
        const written = [...at, stream.length].flatMap((end, index) =>
          splitter.push(stream.subarray(at[index - 1] ?? 0, end)).map((event) => {
            const data = dataOf(event);
            if (!data || data === 'several') throw new Error('no data');
            return translator.push(event.subarray(data.start, data.end));
          }),
        );
        expect(Buffer.concat([...written, translator.finish()]).equals(translate(chunks))).toBe(true);
      }),
      { numRuns },
    );
  });

  test('throws nothing but declared errors, whatever a provider sends', () => {
    const noise = fc.oneof(
      fc.string(),
      fc.jsonValue().map((value) => JSON.stringify(value)),
      fc.record({ choices: fc.array(fc.jsonValue()) }).map((value) => JSON.stringify(value)),
      fc.record({ choices: fc.tuple(fc.record({ delta: fc.jsonValue() })) }).map((value) => JSON.stringify(value)),
      fc
        .record({ choices: fc.tuple(fc.record({ delta: fc.record({ tool_calls: fc.jsonValue() }) })) })
        .map((value) => JSON.stringify(value)),
    );
    fc.assert(
      fc.property(fc.array(noise, { maxLength: 5 }), (jsons) => {
        try {
          const stream = make();
          for (const json of jsons) stream.push(Buffer.from(json));
          stream.finish();
        } catch (error) {
          expect(error).toBeInstanceOf(ServiceError);
          expect((error as ServiceError).code).toBe('provider_unavailable');
        }
      }),
      { numRuns },
    );
  });
});

describe('a stream cut anywhere', () => {
  test('adds up to the whole answer as a response', () => {
    fc.assert(
      fc.property(wholeAnswer, fc.array(fc.nat(), { maxLength: 4 }), (whole, cuts) => {
        const stream = new ResponseStream(response);
        for (const each of chunksOf(whole, cuts)) stream.push(toBytes(each));
        expect(stream.complete()).toEqual(JSON.parse(toResponse(toBytes(whole.json), response).toString()));
      }),
      { numRuns },
    );
  });

  test('adds up to the whole answer as a message', () => {
    fc.assert(
      fc.property(wholeAnswer, fc.array(fc.nat(), { maxLength: 4 }), (whole, cuts) => {
        const stream = new MessageStream(message);
        for (const each of chunksOf(whole, cuts)) stream.push(toBytes(each));
        expect(stream.complete()).toEqual(JSON.parse(toMessage(toBytes(whole.json), message).toString()));
      }),
      { numRuns },
    );
  });
});
