import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { tokenizerFamily, type TokenizerFamily } from '@orgn/contracts';
import fc from 'fast-check';
import { estimatePromptTokens } from './estimate-prompt.ts';
import { estimateTokens } from './estimate-tokens.ts';
import { loadTokenizers, type Tokenizer } from './testing/tokenizers.ts';
import { tokenizerOf } from './tokenizer-family.ts';

const root = join(import.meta.dirname, '../../../..');
const own = (file: string) => readFileSync(join(root, file), 'utf8');
const sample = (name: string) => readFileSync(join(import.meta.dirname, 'testing', `${name}.txt`), 'utf8');
const records = sample('records');
const log = Array.from(
  { length: 40 },
  (_, index) =>
    `2025-06-01T12:${String(index + 10)}:07.${String((index * 317) % 1000)}Z INFO [worker-${String(index % 4)}] request ` +
    `${String(index * 7919)} took ${String((index * 13) % 97)} ms status=200 path=/api/v1/items/${String(index)}`,
).join('\n');

/** Texts that nothing was fitted on, and how far off the estimate of each may be. */
const texts: [name: string, text: string, tolerance: number][] = [
  ['an English tale', sample('english'), 0.15],
  ['an English handbook', own('ARCHITECTURE.md'), 0.15],
  ['a German report', sample('german'), 0.15],
  ['a Chinese tale', sample('chinese'), 0.25],
  ['a program in Python', sample('program'), 0.15],
  ['a program in TypeScript', own('libs/dialects/src/messages/message-stream.ts'), 0.15],
  ['a program in JavaScript', own('tools/start.mjs'), 0.15],
  ['indented JSON', records, 0.15],
  ['JSON in one line', JSON.stringify(JSON.parse(records)), 0.15],
  ['JSON within JSON', JSON.stringify({ arguments: JSON.stringify(JSON.parse(records)) }), 0.2],
  ['YAML', own('docker-compose.yml'), 0.15],
  ['a log', log, 0.15],
  ['two languages in one text', `${sample('german')}\n\n${sample('english')}\n\n${sample('chinese')}`, 0.15],
];
/** Each text's paragraphs, of a few sentences. */
const paragraphs = (['english', 'german', 'chinese'] as const).flatMap((name) =>
  sample(name)
    .split('\n\n')
    .map((text, index) => [`${name} ${String(index + 1)}`, text.trim(), name === 'chinese' ? 0.25 : 0.15] as const),
);
const families = tokenizerFamily.options;

let tokenizers: Record<TokenizerFamily, Tokenizer>;
beforeAll(async () => (tokenizers = await loadTokenizers()));

describe.each(families)('the estimate of %s', (family) => {
  const error = (text: string) => {
    const real = tokenizers[family](text);
    return Math.abs(estimateTokens(text, family) - real) / real;
  };

  test.each(texts)('is near the tokens of %s', (_name, text, tolerance) => {
    expect(error(text)).toBeLessThanOrEqual(tolerance);
  });

  test.each(paragraphs)('is near the tokens of one paragraph: %s', (_name, text, tolerance) => {
    expect(error(text)).toBeLessThanOrEqual(tolerance);
  });

  test.each([
    'Hello, how are you today? Can you write me a haiku about spring?',
    'Wie viele Einwohner hat Hamburg, und welche Sehenswürdigkeiten sollte ich an einem Wochenende besuchen?',
    'function add(a, b) {\n  return a + b;\n}\n\nconsole.log(add(2, 3));\n',
    '{"name":"test","version":"1.0.0","private":true,"tags":["a","b"],"count":42}',
    '你好，请问今天北京的天气怎么样？需要带伞吗？',
  ])('is not far from the tokens of a line: %j', (text) => {
    expect(error(text)).toBeLessThanOrEqual(0.25);
  });
});

describe('estimateTokens', () => {
  test('reads bytes as it reads text', () => {
    const text = sample('german');
    expect(estimateTokens(Buffer.from(text), 'qwen')).toBe(estimateTokens(text, 'qwen'));
  });

  test('is never more than there are bytes, and never nothing for something', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), fc.constantFrom(...families), (text, family) => {
        const tokens = estimateTokens(text, family);
        expect(tokens).toBeGreaterThan(0);
        expect(tokens).toBeLessThanOrEqual(Buffer.byteLength(text));
      }),
    );
  });
});

describe('estimatePromptTokens', () => {
  test('reads texts, calls and tools of a conversation, and pictures by the piece', () => {
    const text = sample('english');
    const plain = estimatePromptTokens({ messages: [{ role: 'user', content: text }] }, 'gpt');
    expect(plain / estimateTokens(text, 'gpt')).toBeCloseTo(1, 1);
    const image = (data: string) => ({ type: 'image_url', image_url: { url: `data:image/png;base64,${data}` } });
    const withImage = (data: string) =>
      estimatePromptTokens({ messages: [{ role: 'user', content: [{ type: 'text', text }, image(data)] }] }, 'gpt');
    expect(withImage('A'.repeat(1_000_000))).toBe(withImage('A'));
    const call = { id: 'a', type: 'function', function: { name: 'f', arguments: records } };
    const called = { messages: [{ role: 'assistant', tool_calls: [call] }] };
    expect(estimatePromptTokens(called, 'gpt')).toBeGreaterThan(estimateTokens(records, 'gpt'));
    const tools = [{ type: 'function', function: { name: 'f', description: text } }];
    expect(estimatePromptTokens({ tools }, 'gpt')).toBeGreaterThan(estimateTokens(text, 'gpt'));
  });

  test('reads the other endpoints, and counts tokens as what they are', () => {
    expect(estimatePromptTokens({ prompt: ['One.', 'Two.'] })).toBeGreaterThan(3);
    expect(estimatePromptTokens({ input: [[1, 2, 3], [4]] })).toBe(4);
    expect(estimatePromptTokens({ query: 'Which?', documents: ['This.', { text: 'That.' }] })).toBeGreaterThan(4);
    const query = sample('english');
    const ranked = estimatePromptTokens({ query, documents: ['This.', 'That.'] });
    expect(ranked).toBeGreaterThan(1.9 * estimateTokens(query));
    expect(estimatePromptTokens({ model: 'a model with a long name' })).toBe(0);
  });
});

describe('tokenizerOf', () => {
  test.each([
    ['near_gpt_oss_120b', 'gpt'],
    ['openai/gpt-4o', 'gpt'],
    ['openai/o3-mini', 'gpt'],
    ['Qwen/Qwen3-30B-A3B-Instruct-2507', 'qwen'],
    ['deepseek-ai/DeepSeek-R1-Distill-Llama-70B', 'llama'],
    ['deepseek/deepseek-r1', 'deepseek'],
    ['zai-org/GLM-5', 'deepseek'],
    ['anthropic/claude-sonnet-4.6', 'claude'],
    ['some/thing', 'llama'],
  ])('counts %s as %s', (name, family) => expect(tokenizerOf(name)).toBe(family));

  test('goes on to the next name where one says nothing', () => {
    expect(tokenizerOf('prod-7', 'local_qwen_small')).toBe('qwen');
  });
});
