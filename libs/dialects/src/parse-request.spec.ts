import { describe, expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import { ServiceError } from '@orgn/contracts';
import { chatRequestEdits } from './chat/chat-request-edits.ts';
import { parseChatRequest } from './chat/parse-chat-request.ts';
import { parseCompletionRequest } from './completions/parse-completion-request.ts';
import { parseEmbeddingRequest } from './embeddings/parse-embedding-request.ts';
import { membersOf } from './json/json-members.ts';
import { splice } from './json/splice.ts';
import { countTokens } from './messages/count-tokens.ts';
import { messageToChatRequest } from './messages/message-to-chat-request.ts';
import { parseMessageRequest, parseTokenCountRequest } from './messages/parse-message-request.ts';
import { parseRerankRequest } from './rerank/parse-rerank-request.ts';
import { parseResponseRequest } from './responses/parse-response-request.ts';
import { responseToChatRequest } from './responses/response-to-chat-request.ts';
import { toText } from './request/request-edits.ts';

/** `npm run test:long` looks harder. */
const isLong = process.env.TEST_LONG === '1';
const numRuns = isLong ? 10_000 : 300;
if (isLong) jest.setTimeout(600_000);

const image = { type: 'base64', media_type: 'image/png', data: 'AA==' };
const chat = {
  model: 'm',
  messages: [
    { role: 'system', content: 's' },
    {
      role: 'user',
      content: [
        { type: 'text', text: 't' },
        { type: 'image_url', image_url: { url: 'u' } },
      ],
    },
    {
      role: 'assistant',
      content: null,
      tool_calls: [{ id: 'a', type: 'function', function: { name: 'f', arguments: '{}' } }],
    },
    { role: 'tool', tool_call_id: 'a', content: 'x' },
  ],
  tools: [{ type: 'function', function: { name: 'f', parameters: { type: 'object' } } }],
  tool_choice: { type: 'function', function: { name: 'f' } },
  response_format: { type: 'json_schema', json_schema: { name: 'n', schema: {} } },
  stream: true,
  stream_options: { include_usage: false },
  models: ['n'],
  usage: { include: true },
  user: 'u',
  stop: ['a'],
};
const response = {
  model: 'm',
  instructions: 'i',
  input: [
    {
      role: 'user',
      content: [
        { type: 'input_text', text: 't' },
        { type: 'input_image', image_url: 'u' },
      ],
    },
    { type: 'reasoning', id: 'rs', summary: [{ type: 'summary_text', text: 's' }] },
    { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'a' }] },
    { type: 'function_call', call_id: 'a', name: 'f', arguments: '{}' },
    { type: 'function_call_output', call_id: 'a', output: [{ type: 'input_text', text: 'o' }] },
    { type: 'custom_tool_call', call_id: 'b', name: 'c', input: 'x' },
    { type: 'custom_tool_call_output', call_id: 'b', output: 'o' },
  ],
  tools: [
    { type: 'function', name: 'f', parameters: {}, strict: null },
    { type: 'custom', name: 'c' },
  ],
  tool_choice: { type: 'function', name: 'f' },
  text: { format: { type: 'json_schema', name: 'n', schema: {} }, verbosity: 'low' },
  reasoning: { effort: 'low' },
  max_output_tokens: 5,
  metadata: { a: 'b' },
  store: false,
};
const conversation = {
  model: 'm',
  system: [{ type: 'text', text: 's' }],
  messages: [
    {
      role: 'user',
      content: [
        { type: 'text', text: 't' },
        { type: 'image', source: image },
      ],
    },
    {
      role: 'assistant',
      content: [
        { type: 'thinking', thinking: 'h' },
        { type: 'tool_use', id: 'a', name: 'f', input: {} },
      ],
    },
    { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'a', content: [{ type: 'text', text: 'o' }] }] },
  ],
  tools: [{ name: 'f', input_schema: { type: 'object' } }],
  tool_choice: { type: 'auto' },
  thinking: { type: 'enabled', budget_tokens: 2048 },
};
const endpoints: Record<string, { valid: object; parse: (body: Buffer) => unknown }> = {
  chat: { valid: chat, parse: parseChatRequest },
  completions: { valid: { model: 'm', prompt: ['a'], best_of: 2, n: 1, stop: 'x' }, parse: parseCompletionRequest },
  embeddings: { valid: { model: 'm', input: [[1, 2]], dimensions: 3 }, parse: parseEmbeddingRequest },
  rerank: { valid: { model: 'm', query: 'q', documents: ['a', { text: 'b' }], top_n: 1 }, parse: parseRerankRequest },
  responses: { valid: response, parse: (body) => acceptedByChat(responseToChatRequest(parseResponseRequest(body))) },
  messages: {
    valid: { ...conversation, max_tokens: 5 },
    parse: (body) => acceptedByChat(messageToChatRequest(parseMessageRequest(body))),
  },
  count_tokens: { valid: conversation, parse: (body) => countTokens(parseTokenCountRequest(body)) },
};

/** What was accepted must also be accepted as chat: a translation that fails is our fault, not the caller's. */
function acceptedByChat(translated: Buffer): unknown {
  try {
    return parseChatRequest(translated);
  } catch (error) {
    throw new Error('chat refuses the translation', { cause: error });
  }
}

type Json = null | boolean | number | string | Json[] | JsonObject;
interface JsonObject {
  [name: string]: Json;
}
interface Mutation {
  at: number;
  kind: 'replace' | 'remove' | 'add' | 'swap';
  name: string;
  value: Json;
}
const names = ['model', 'Model', 'type', 'role', 'content', 'text', 'id', 'store', 'extra', '__proto__', 'constructor'];
const mutation: fc.Arbitrary<Mutation> = fc.record({
  at: fc.nat(),
  kind: fc.constantFrom('replace' as const, 'remove' as const, 'add' as const, 'swap' as const),
  name: fc.oneof(fc.constantFrom(...names), fc.string()),
  value: fc.oneof(
    fc.jsonValue({ maxDepth: 2 }),
    fc.constantFrom('user', 'function', 'input_text', {}, []),
  ) as fc.Arbitrary<Json>,
});

/** Every object and list within a value, itself first. */
const containers = (value: Json): (Json[] | JsonObject)[] =>
  typeof value === 'object' && value !== null ? [value, ...Object.values(value).flatMap(containers)] : [];

function mutate(value: Json, { at, kind, name, ...mutation }: Mutation): void {
  const added = structuredClone(mutation.value);
  const all = containers(value);
  const target = all[at % all.length] as Record<string, Json>;
  const keys = Object.keys(target);
  const key = keys[at % Math.max(keys.length, 1)];
  if (kind === 'add' || key === undefined) {
    if (Array.isArray(target)) target.push(added);
    else Object.defineProperty(target, name, { value: added, enumerable: true, configurable: true, writable: true });
  } else if (kind === 'remove') Reflect.deleteProperty(target, key);
  else if (kind === 'replace') target[key] = added;
  else target[key] = structuredClone(target[keys.at(-1) ?? key] ?? null);
}

describe.each(Object.entries(endpoints))('a request to %s', (_name, { valid, parse }) => {
  test('is accepted as it is written here', () => {
    expect(parse(Buffer.from(JSON.stringify(valid)))).toBeDefined();
  });

  test('is accepted or refused with a declared error, however its values are mutated', () => {
    fc.assert(
      fc.property(fc.array(mutation, { minLength: 1, maxLength: 4 }), (mutations) => {
        const value = structuredClone(valid) as Json;
        for (const each of mutations) mutate(value, each);
        expectDeclared(() => parse(Buffer.from(JSON.stringify(value))));
      }),
      { numRuns },
    );
  });

  test('is accepted or refused with a declared error, however its bytes are mutated', () => {
    const bytes = Buffer.from(JSON.stringify(valid));
    fc.assert(
      fc.property(fc.nat(bytes.length), fc.nat(30), fc.uint8Array({ maxLength: 10 }), (at, removed, added) => {
        const body = Buffer.concat([bytes.subarray(0, at), Buffer.from(added), bytes.subarray(at + removed)]);
        expectDeclared(() => parse(body));
      }),
      { numRuns },
    );
  });
});

function expectDeclared(run: () => unknown): void {
  try {
    run();
  } catch (error) {
    expect(error).toBeInstanceOf(ServiceError);
    expect(['invalid_request', 'unknown_parameter', 'not_supported_zero_retention']).toContain(
      (error as ServiceError).code,
    );
    expect((error as ServiceError).param?.length ?? 0).toBeLessThanOrEqual(128);
  }
}

describe('the edits of a request', () => {
  const dropped = ['models', 'usage', 'metadata', 'user', 'safety_identifier', 'service_tier'];

  test('leave the bytes of every member that they do not name as they were', () => {
    const order = fc.shuffledSubarray(Object.keys(chat), { minLength: Object.keys(chat).length });
    fc.assert(
      fc.property(order, fc.constantFrom(undefined, 1, '\t'), (keys, indent) => {
        const shuffled = Object.fromEntries(keys.map((key) => [key, chat[key as keyof typeof chat]]));
        const body = Buffer.from(JSON.stringify(shuffled, null, indent));
        const sent = splice(
          body,
          chatRequestEdits(toText(body), { upstreamModel: 'up', maxTokens: 5, forceUsage: true }),
        );
        const textOf = (bytes: Buffer) =>
          new Map(
            membersOf(bytes).map((member) => [member.name, bytes.toString('utf8', member.start, member.valueEnd)]),
          );
        const [before, after] = [textOf(body), textOf(sent)];
        for (const name of dropped) expect(after.has(name)).toBe(false);
        for (const [name, text] of before)
          if (!dropped.includes(name) && name !== 'model' && name !== 'stream_options')
            expect(after.get(name)).toBe(text);
        expect(JSON.parse(sent.toString())).toMatchObject({ model: 'up', max_tokens: 5 });
      }),
    );
  });
});
