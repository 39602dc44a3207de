import { describe, expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import { ServiceError } from '@orgn/contracts';
import { chatForm } from '../chat/parse-chat-request.ts';
import { completionForm } from '../completions/parse-completion-request.ts';
import { embeddingForm } from '../embeddings/parse-embedding-request.ts';
import { messageForm } from '../messages/parse-message-request.ts';
import { rerankForm } from '../rerank/parse-rerank-request.ts';
import { responseForm } from '../responses/parse-response-request.ts';
import type { ReadPolicy, RequestForm } from './request-form.ts';

/** `npm run test:long` looks harder. */
const isLong = process.env.TEST_LONG === '1';
const numRuns = isLong ? 10_000 : 300;
if (isLong) jest.setTimeout(600_000);

const lenient: ReadPolicy = { isStrict: false, cachesPrompts: () => false };
const strict: ReadPolicy = { isStrict: true, cachesPrompts: () => false };
const messages = [{ role: 'user', content: 'Hi' }];

function read<R>(form: RequestForm<R>, value: unknown, policy = lenient) {
  const found = form.read(Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)), policy);
  return { ...found, text: found.body.toString(), names: found.dropped.toHeader() };
}

function refusalOf(run: () => unknown): ServiceError {
  try {
    run();
  } catch (error) {
    if (error instanceof ServiceError) return error;
    throw error;
  }
  throw new Error('was accepted');
}

const base = {
  chat: { form: chatForm, value: { model: 'm', messages } },
  completions: { form: completionForm, value: { model: 'm', prompt: 'x' } },
  embeddings: { form: embeddingForm, value: { model: 'm', input: 'x' } },
  rerank: { form: rerankForm, value: { model: 'm', query: 'q', documents: ['d'] } },
  responses: { form: responseForm, value: { model: 'm', input: 'x' } },
  messages: { form: messageForm, value: { model: 'm', max_tokens: 5, messages } },
} as Record<string, { form: RequestForm<unknown>; value: object }>;

describe.each(Object.entries(base))('a request to %s', (_name, { form, value }) => {
  test('loses members that nobody knows, and names them', () => {
    const found = read(form, { brand_new: { a: 1 }, ...value, another: [1] });
    expect(found.text).toBe(JSON.stringify(value));
    expect(found.names).toBe('brand_new, another');
    expect(found.unknown).toBe(2);
  });

  test('is refused for them where the policy is strict, but for nulls and listed hints', () => {
    expect(refusalOf(() => read(form, { ...value, brand_new: 1 }, strict))).toMatchObject({
      code: 'unknown_parameter',
      param: 'brand_new',
    });
    expect(read(form, { ...value, brand_new: null, client_metadata: { a: 1 } }, strict).names).toBe('client_metadata');
  });

  test.each([
    'Model',
    'MODEL',
    'mod-el',
    'modle',
    'modl',
    'models_',
    'stroe',
    'Store',
    'st_ore',
    'providr',
    'Provider',
    'providerOption',
    'provider-options',
    'prompt_cache_retentio',
    'promptCacheRetention',
    'servicetier',
    'streem',
    'max-tokens',
    'MaxTokens',
  ])('is refused for %s, which may be meant for a member that decides', (name) => {
    expect(refusalOf(() => read(form, { ...value, [name]: 1 }))).toMatchObject({
      code: 'unknown_parameter',
      param: name,
    });
  });

  test('takes null for absence wherever it stands, also of a member that would be refused', () => {
    const nulls = {
      provider: null,
      store: null,
      temperature: null,
      whatever: null,
      n: null,
      models: null,
      usage: null,
    };
    const found = read(form, { ...nulls, ...value });
    expect(found.text).toBe(JSON.stringify(value));
    expect(found.names).toBeUndefined();
  });

  test('is refused for a name that stands twice, though one is null', () => {
    const twice = `{"extra":null,"extra":1,${JSON.stringify(value).slice(1)}`;
    expect(refusalOf(() => read(form, twice))).toMatchObject({ code: 'invalid_request', param: 'extra' });
  });

  test('reads the same when what is left of it is read strictly, however it is mutated', () => {
    const name = fc.oneof(
      fc.string(),
      fc.constantFrom('a b', '__proto__', 'x-y', 'cache_control', 'metadata', 'tools'),
    );
    const member = fc.tuple(name, fc.jsonValue({ maxDepth: 3 }));
    fc.assert(
      fc.property(fc.array(member, { maxLength: 6 }), fc.constantFrom(undefined, 1, '\t'), (members, indent) => {
        const entries = new Map<string, unknown>([...members, ...Object.entries(value)]);
        const body = `{${[...entries].map(([key, each]) => `${JSON.stringify(key)}: ${JSON.stringify(each, null, indent)}`).join(' ,\n')} }`;
        let found: ReturnType<typeof read>;
        try {
          found = read(form, body);
        } catch (error) {
          expect(error).toBeInstanceOf(ServiceError);
          return;
        }
        expect(form.parse(found.body)).toEqual(found.request);
        expect(read(form, found.text).text).toBe(found.text);
      }),
      { numRuns },
    );
  });
});

describe('what is the caller’s own', () => {
  test('keeps its nulls and its names', () => {
    const parameters = {
      type: 'object',
      properties: { cache_control: { default: null, Model: null } },
      nullable: null,
    };
    const tools = [{ type: 'function', function: { name: 'f', parameters } }];
    const value = { model: 'm', messages, tools, metadata: { a: 'b' }, logit_bias: { '5': 1 } };
    expect(read(chatForm, value).text).toBe(JSON.stringify(value));
    const call = { type: 'tool_use', id: 'a', name: 'f', input: { x: null, cache_control: 1, 'new name': {} } };
    const turn = { model: 'm', max_tokens: 5, messages: [{ role: 'assistant', content: [call] }] };
    expect(read(messageForm, turn).text).toBe(JSON.stringify(turn));
  });

  test('null content of an answer that only calls stays', () => {
    const tool_calls = [{ id: 'a', type: 'function', function: { name: 'f', arguments: '{}' } }];
    const value = { model: 'm', messages: [...messages, { role: 'assistant', content: null, tool_calls }] };
    expect(read(chatForm, value).text).toBe(JSON.stringify(value));
  });
});

describe('names in x-ollm-dropped', () => {
  test('are paths as errors write them, at any depth', () => {
    const found = read(chatForm, {
      model: 'm',
      messages: [...messages, { role: 'assistant', content: 'x', provider_metadata: { gateway: {} }, new_one: 1 }],
      stream: true,
      stream_options: { include_usage: true, brand_new: 1 },
    });
    expect(found.names).toBe('messages[1].provider_metadata, messages[1].new_one, stream_options.brand_new');
    expect([...found.known]).toEqual([['provider_metadata', 1]]);
  });

  test('are at most 32 in 1 KiB, and none that a header cannot show', () => {
    const many = Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`field_${index}`, 1]));
    expect(read(chatForm, { model: 'm', messages, ...many }).names).toMatch(/^(field_\d+, ){32}\+8$/);
    const long = Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`${'y'.repeat(60)}${index}`, 1]));
    expect(read(chatForm, { model: 'm', messages, ...long }).names?.length).toBeLessThanOrEqual(1_024);
    expect(
      read(chatForm, { model: 'm', messages, 'secret words\r\n': 1, ü_ü: 2, [`z${'z'.repeat(64)}`]: 3 }).names,
    ).toBe('+3');
  });
});

describe('a name near a deciding one', () => {
  test.each([
    [{ stream: true, stream_options: { includeUsage: true } }, 'stream_options.includeUsage'],
    [{ tools: [{ type: 'function', Function: {}, function: { name: 'f' } }] }, 'tools[0].Function'],
    [{ tools: [{ type: 'function', function: { name: 'f', paramters: {} } }] }, 'tools[0].function.paramters'],
  ])('is refused in %j too', (fields, param) => {
    expect(refusalOf(() => read(chatForm, { model: 'm', messages, ...fields }))).toMatchObject({
      code: 'unknown_parameter',
      param,
    });
  });
});

describe('marks of prompt caching', () => {
  const mark = { type: 'ephemeral', scope: 'global' };
  const value = {
    model: 'm',
    max_tokens: 5,
    cache_control: mark,
    system: [{ type: 'text', text: 's', cache_control: mark }],
    messages: [{ role: 'user', content: [{ type: 'text', text: 'x', cache_control: mark }] }],
    tools: [{ name: 'f', input_schema: { type: 'object' }, cache_control: mark }],
  };

  test('are cut wherever they stand, whatever is in them', () => {
    const found = read(messageForm, value);
    expect(found.text).not.toContain('cache_control');
    expect(found.names).toBe(
      'cache_control, system[0].cache_control, messages[0].content[0].cache_control, tools[0].cache_control',
    );
  });

  test('pass, less what no provider knows, to a model whose provider may cache', () => {
    const found = read(messageForm, value, { isStrict: false, cachesPrompts: (models) => models.includes('m') });
    expect(found.text.match(/"cache_control":\{"type":"ephemeral"\}/g)).toHaveLength(4);
    expect(messageForm.marksCaching(found.body, found.request)).toBe(true);
  });

  test('are not seen in what is the caller’s own', () => {
    const body = Buffer.from(
      '{"model":"m","messages":[{"role":"user","content":"\\"cache_control\\""}],"metadata":{"cache_control":"x"}}',
    );
    expect(chatForm.marksCaching(body, chatForm.parse(body))).toBe(false);
  });
});

describe('an empty list', () => {
  test('says what none says', () => {
    const found = read(chatForm, {
      model: 'm',
      messages,
      stop: [],
      tools: [],
      tool_choice: 'auto',
      parallel_tool_calls: true,
    });
    expect(found.text).toBe(JSON.stringify({ model: 'm', messages }));
  });
});

describe('tools of chat that nobody here can run', () => {
  const own = { type: 'function', function: { name: 'f' } };

  test('are left out, of known kinds and of new ones, and named', () => {
    const found = read(chatForm, {
      model: 'm',
      messages,
      tools: [{ type: 'web_search' }, own, { type: 'brand_new', x: 1 }],
    });
    expect(found.text).toBe(JSON.stringify({ model: 'm', messages, tools: [own] }));
    expect(found.names).toBe('tools[0], tools[2]');
    expect(read(chatForm, { model: 'm', messages, tools: [{ type: 'web_search' }], tool_choice: 'auto' }).text).toBe(
      JSON.stringify({ model: 'm', messages }),
    );
  });

  test.each<[object]>([
    [{ tools: [{ type: 'web_search' }], tool_choice: 'required' }],
    [{ tools: [own], tool_choice: { type: 'function', function: { name: 'g' } } }],
    [
      {
        tools: [own],
        tool_choice: { type: 'allowed_tools', allowed_tools: { mode: 'auto', tools: [{ type: 'web_search' }] } },
      },
    ],
  ])('are missed by %j, which demands one', (fields) => {
    expect(refusalOf(() => read(chatForm, { model: 'm', messages, ...fields }))).toMatchObject({
      code: 'invalid_request',
      param: 'tool_choice',
    });
  });
});

describe('an unknown kind of content', () => {
  test.each([
    [
      'a part',
      { messages: [{ role: 'user', content: [{ type: 'hologram', text: 'x' }] }] },
      'messages[0].content[0].type',
    ],
    ['a role', { messages: [{ role: 'king', content: 'x' }] }, 'messages[0].role'],
  ])('is refused: %s', (_name, fields, param) => {
    expect(refusalOf(() => read(chatForm, { model: 'm', ...fields }))).toMatchObject({
      code: 'invalid_request',
      param,
    });
  });
});

test('a seed of 64 bits passes digit by digit', () => {
  const body = '{"model":"m","messages":[{"role":"user","content":"x"}],"seed":9223372036854775807}';
  expect(read(chatForm, body).text).toBe(body);
});

test('a large request is read in a time that grows with its length', () => {
  const parts = Array.from({ length: 20_000 }, (_, index) => ({
    role: 'user',
    content: 'x',
    [`n${index}`]: null,
    extra: {},
  }));
  // Of the processor, in microseconds: what else a machine does makes it no longer.
  const before = process.cpuUsage();
  const found = read(chatForm, { model: 'm', messages: parts });
  const { user, system } = process.cpuUsage(before);
  expect(user + system).toBeLessThan(5_000_000);
  expect(found.unknown).toBe(20_000);
});

test('a request of as many parts as fit a body is read, and no call of ours has as many arguments', () => {
  const count = 49_000;
  const many = `{"role":"user","content":"x","a":null,"b":1},`.repeat(count);
  const body = `{"model":"m","messages":[${many}{"role":"user","content":"x"}],"tools":[${'{"type":"web_search"},'.repeat(500)}{"type":"x"}]}`;
  const found = read(chatForm, body);
  expect(found.request.messages).toHaveLength(count + 1);
  expect(found.names).toMatch(/\+49469$/);
});
