import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { tokenizerFamily, type TokenizerFamily } from '@orgn/contracts';
import fc from 'fast-check';
import { chatForm } from '../chat/parse-chat-request.ts';
import { loadTokenizers, type Tokenizer } from '../counting/testing/tokenizers.ts';
import { messageForm } from '../messages/parse-message-request.ts';
import { messageToChatRequest } from '../messages/message-to-chat-request.ts';
import { responseForm } from '../responses/parse-response-request.ts';
import { responseToChatRequest } from '../responses/response-to-chat-request.ts';
import { measureChat } from './measure-chat.ts';
import { measureCompletion, measureEmbedding, measureRerank, measureTranscription } from './measure-input.ts';
import { measureMessage, measureResponse } from './measure-translated.ts';
import type { RequestMeasure } from './prompt-measure.ts';
import { jsonBytes, textBytes } from './text-bytes.ts';
import { promptBound, usageBounds } from './usage-bounds.ts';

const testing = join(import.meta.dirname, '../counting/testing');
const sample = (name: string) => readFileSync(join(testing, `${name}.txt`), 'utf8');
const samples = ['english', 'german', 'chinese', 'program', 'records'].map((name) => [name, sample(name)] as const);
const families = tokenizerFamily.options;
const model = { id: 'near_m', type: 'chat' as const, context: 1e9, maxOutput: 500, defaultOutput: 100 };
const stated = { prompt: 0, message: 0, tools: 0, tool: 0, assumed: false };
const bare = { ...model, bounds: stated };

let tokenizers: Record<TokenizerFamily, Tokenizer>;
beforeAll(async () => (tokenizers = await loadTokenizers()));

describe.each(families)('the bound of a text against the tokenizer of %s', (family) => {
  const isBound = (text: string) => expect(textBytes(text)).toBeGreaterThanOrEqual(tokenizers[family](text));

  test.each(samples)('is never below the tokens of a text: %s', (_name, text) => isBound(text));

  test('nor of what nobody writes: every script, marks on marks, signs that normal forms spell out', () => {
    const ligatures = '\ufdfa'.repeat(50);
    const composed = '\u0958\u{1d15e}\ufb2c'.repeat(50);
    const stacked = `e${'\u0301\u0323'.repeat(700)}`;
    for (const text of [ligatures, composed, stacked, '\u{1f469}\u200d\u{1f469}\u200d\u{1f467}'.repeat(20)])
      isBound(text);
  });

  test('nor of any other', () => {
    const units = ['grapheme', 'binary', 'binary-ascii'] as const;
    for (const unit of units)
      fc.assert(
        fc.property(fc.string({ unit, maxLength: 200 }), (text) => isBound(text)),
        { numRuns: 150 },
      );
  });

  test('nor of a value as templates write it: in one line, indented, as tags', () => {
    const value = fc.jsonValue({ maxDepth: 4 });
    fc.assert(
      fc.property(value, (json) => {
        const bound = jsonBytes(json);
        for (const text of [JSON.stringify(json), JSON.stringify(json, undefined, 4), toTags(json)])
          expect(bound).toBeGreaterThanOrEqual(tokenizers[family](text));
      }),
      { numRuns: 150 },
    );
  });
});

/** As templates of some models write tools. */
function toTags(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  return Object.entries(value)
    .map(([name, member]) => `<${name}>${toTags(member)}</${name}>\n`)
    .join('');
}

describe('the time that measuring takes', () => {
  test('is bounded also where marks have to be sorted', () => {
    const marks = `e${'\u0301\u0323'.repeat(500_000)}`;
    // Sorted in one go, these take minutes, and the test's time is over.
    expect(textBytes(marks)).toBeGreaterThan(1_000_000);
  });
});

describe('promptBound', () => {
  const said = (content: unknown) => measureChat({ messages: [{ role: 'user', content }] }).prompt;

  test('counts what the catalogue states around messages and tools, and no more than the model reads', () => {
    const tools = [{ type: 'function', function: { name: 'f' } }];
    const { prompt } = measureChat({ messages: [{ role: 'user', content: 'Hello' }], tools });
    const bounds = { prompt: 100, message: 10, tools: 1_000, tool: 20, assumed: false };
    const own = promptBound(prompt, bare);
    expect(promptBound(prompt, { ...model, bounds })).toBe(own + 1_130);
    expect(promptBound(prompt, { ...model, bounds, context: 300 })).toBe(300);
    expect(promptBound(said('Hello'), { ...model, bounds })).toBe(5 + 110 + promptBound(said('Hello'), bare) - 5);
  });

  test('is the window of a model that states nothing, once for each prompt that is read apart', () => {
    const input = { model: 'm', input: ['One', 'Two', 'Three'] };
    expect(promptBound(said('Hello'), { ...model, context: 4_000 })).toBe(4_000);
    expect(promptBound(measureEmbedding(input).prompt, { ...model, context: 4_000 })).toBe(12_000);
  });

  const image = { type: 'image_url', image_url: { url: `data:image/png;base64,${'A'.repeat(90_000)}` } };
  const sound = { type: 'input_audio', input_audio: { data: 'A'.repeat(4_000), format: 'wav' } };
  const file = { type: 'file', file: { filename: 'a.pdf', file_data: 'A'.repeat(4_000) } };

  test.each([
    ['an image, whatever its bytes', image, { image: 700 }, 700, 750],
    ['each second of sound that its bytes can be', sound, { audioSecond: 20 }, 200, 250],
    ['each page that is read of a document, and its text', file, { page: 50, pages: 10 }, 3_500, 3_600],
  ])('counts %s', (_name, part, bounds, least, most) => {
    const bound = promptBound(said([part]), { ...model, bounds: { ...stated, ...bounds } });
    expect(bound).toBeGreaterThanOrEqual(least);
    expect(bound).toBeLessThanOrEqual(most);
  });

  test.each([
    ['an image', image],
    ['sound', sound],
    ['a document', file],
  ])('refuses %s where the catalogue states nothing of its kind', (_name, part) => {
    expect(() => promptBound(said([part]), bare)).toThrow(expect.objectContaining({ code: 'invalid_request' }));
    expect(promptBound(said([part]), model)).toBe(model.context);
  });
});

describe('usageBounds', () => {
  const chat = (members: object) => measureChat({ messages: [{ role: 'user', content: 'Hello' }], ...members });

  test.each([
    ['the default where no limit is given', chat({}), 100],
    ['the least of the limits', chat({ max_tokens: 40, max_completion_tokens: 30 }), 30],
    ['the limit once for each choice', chat({ max_tokens: 40, n: 5 }), 200],
    ["the model's limit", chat({ max_tokens: 4_000, n: 2 }), 1_000],
    [
      'all candidates, of every prompt, also those that are left out',
      measureCompletion({ model: 'm', prompt: ['a', 'b'], n: 1, best_of: 3, max_tokens: 10 }),
      60,
    ],
  ] satisfies [string, RequestMeasure, number][])('bounds the output by %s', (_name, measure, completionTokens) => {
    expect(usageBounds(measure, bare)).toMatchObject({ completionTokens });
  });

  test('counts tokens as tokens, a query once with each document, and sound by the leanest codec', () => {
    expect(usageBounds(measureEmbedding({ model: 'm', input: [[1, 2, 3], [4]] }), bare).promptTokens).toBe(4);
    const ranking = measureRerank({ model: 'm', query: '12345', documents: ['ab', { text: 'cd' }] });
    expect(usageBounds(ranking, bare)).toMatchObject({ promptTokens: 14, requests: 3 });
    const form = { model: 'm', file: { start: 0, end: 1, name: 'a', type: 'a' }, texts: [] };
    const heard = measureTranscription(form, 3_000);
    expect(usageBounds(heard, { ...bare, bounds: { ...stated, audioSecond: 1 } }).audioSeconds).toBe(10);
  });
});

interface Shape {
  path: string;
  body: object;
}

const shapes = ['claude-code', 'claude-agent-sdk', 'codex', 'codex-builtin', 'cline', 'copilot', 'opencode'].flatMap(
  (client) =>
    (
      JSON.parse(
        readFileSync(join(import.meta.dirname, '../../../testing/client-shapes', `${client}.json`), 'utf8'),
      ) as Shape[]
    )
      .filter(({ path }) => !path.includes('count_tokens'))
      .map(({ path, body }, at) => [client, at, path, body] as const),
);

describe('the recorded requests of coding agents', () => {
  test.each(shapes)(
    '%s %i (%s): the bound is above the tokens and at most 8 times as many',
    (_client, _at, path, body) => {
      const bytes = Buffer.from(
        JSON.stringify(body).replace(/text \((\d+)\)/g, (_, length: string) => filled(Number(length))),
      );
      const { measure, chat } = read(path, bytes);
      const catalogued = { ...model, bounds: { prompt: 128, message: 16, tools: 512, tool: 32, assumed: false } };
      for (const family of families) {
        const real = realTokens(chat, tokenizers[family]);
        const bound = promptBound(measure.prompt, catalogued);
        expect(bound).toBeGreaterThan(real);
        expect(bound / real).toBeLessThanOrEqual(8);
      }
    },
  );
});

const english = sample('english').replaceAll('"', "'").replaceAll('\n', ' ');
const filled = (length: number) => english.repeat(Math.ceil(length / english.length)).slice(0, length);

interface Chat {
  messages: { content?: unknown; tool_calls?: unknown }[];
  tools?: unknown;
}

function read(path: string, bytes: Buffer): { measure: RequestMeasure; chat: Chat } {
  const policy = { isStrict: false, cachesPrompts: () => false };
  const parse = (chat: Buffer) => JSON.parse(chat.toString()) as Chat;
  if (path.includes('/messages')) {
    const { request } = messageForm.read(bytes, policy);
    return { measure: measureMessage(request), chat: parse(messageToChatRequest(request)) };
  }
  if (path.includes('/responses')) {
    const { request } = responseForm.read(bytes, policy);
    return { measure: measureResponse(request), chat: parse(responseToChatRequest(request)) };
  }
  const { request } = chatForm.read(bytes, policy);
  return { measure: measureChat(request), chat: request };
}

/** What a plain template makes of a conversation: texts as they are, calls and tools as JSON in one line. */
function realTokens({ messages, tools }: Chat, tokenizer: Tokenizer): number {
  const texts = messages.map(({ content, tool_calls }) => {
    const text = Array.isArray(content) ? content.map((part: { text?: string }) => part.text ?? '').join('') : content;
    return `${typeof text === 'string' ? text : ''}${tool_calls ? JSON.stringify(tool_calls) : ''}`;
  });
  const listed = tools ? JSON.stringify(tools) : '';
  return [...texts, listed].reduce((sum, text) => sum + tokenizer(text), 0);
}
