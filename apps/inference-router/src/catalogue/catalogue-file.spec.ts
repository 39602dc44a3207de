import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { parseCatalogue } from './catalogue-file.ts';

const entry = (more: object = {}) => ({
  id: 'near_qwen3_30b',
  provider: 'near',
  upstream: 'Qwen/Qwen3',
  execution: 'tee',
  type: 'chat',
  context: 1_000,
  maxOutput: 100,
  defaultOutput: 10,
  price: { input: '0.15', output: '0.45' },
  ...more,
});
// JSON is YAML.
const fileOf = (...entries: object[]) => JSON.stringify(entries);

describe('parseCatalogue', () => {
  test('reads the catalogue that ships', () => {
    const text = readFileSync(new URL('../../../../models.yaml', import.meta.url), 'utf8');
    const { entries } = parseCatalogue(text);
    expect(entries.map(({ id }) => id)).toContain('vercel_text_embedding_3_small');
    expect(entries.every(({ isSample }) => isSample)).toBe(true);
  });

  test('takes an entry that states no abilities to be capable of all its endpoints know', () => {
    const [near, vercel] = parseCatalogue(
      fileOf(entry(), entry({ id: 'vercel_x', provider: 'vercel', execution: 'zdr' })),
    ).entries;
    expect(near).toMatchObject({ displayName: 'near_qwen3_30b', ownedBy: 'near', inputModalities: ['text'] });
    expect(near!.capabilities).toEqual(expect.arrayContaining(['chat', 'completions', 'tools', 'vision']));
    expect(vercel!.capabilities).not.toContain('completions');
  });

  test('shows the modalities that the stated abilities imply', () => {
    const [read] = parseCatalogue(fileOf(entry({ capabilities: ['chat', 'vision', 'audio'] }))).entries;
    expect(read!.inputModalities).toEqual(['text', 'image', 'audio']);
  });

  test('tells gateways whose tokenizer a model has: as its entry says, else by its names', () => {
    const tokenizerOf = (more: object) => parseCatalogue(fileOf(entry(more))).entries[0]!.tokenizer;
    expect(tokenizerOf({})).toBe('qwen');
    expect(tokenizerOf({ upstream: 'deepseek-ai/DeepSeek-V3.1' })).toBe('deepseek');
    expect(tokenizerOf({ tokenizer: 'llama' })).toBe('llama');
    expect(() => parseCatalogue(fileOf(entry({ tokenizer: 'of its own' })))).toThrow(/tokenizer/);
  });

  test('gives another content another version', () => {
    expect(parseCatalogue(fileOf(entry())).version).not.toBe(parseCatalogue(fileOf(entry({ context: 1_001 }))).version);
  });

  test.each([
    ['a TEE id that would run elsewhere', { provider: 'vercel' }, 'id: must start with "vercel_"'],
    ['an execution that its provider does not have', { execution: 'zdr' }, 'execution: must be "tee"'],
    ['a slash in an id', { id: 'near/qwen3' }, 'id:'],
    ['a price that is a number', { price: { input: 0.15, output: '1' } }, 'price.input'],
    ['a price that is negative', { price: { input: '-1', output: '1' } }, 'price.input'],
    ['a default above the maximum', { defaultOutput: 101 }, 'defaultOutput: must not exceed'],
    ['a price class that nobody charges', { price: { input: '1', output: '1', thinking: '1' } }, 'price: Unrecognized'],
    [
      'a long prompt that costs less, which would make bounds on money wrong',
      { price: { input: '2', output: '1', longContext: { aboveTokens: 10, input: '1', output: '1' } } },
      'price.longContext: must not be cheaper than the usual price of input',
    ],
    ['a price whose cost could not be written down', { price: { input: '999999', output: '1' } }, 'price: is so high'],
    [
      'transcriptions on vercel, whose forms have no place for the zero-retention flag',
      { id: 'vercel_x', provider: 'vercel', execution: 'zdr', type: 'transcription' },
      'type: must not be transcription for vercel',
    ],
    ['abilities without the endpoint of the type', { capabilities: ['tools'] }, 'capabilities: must include "chat"'],
    ['a base URL, which could send a key elsewhere', { baseUrl: 'https://evil.example' }, 'Unrecognized'],
  ])('refuses %s', (_name, more, fault) => {
    expect(() => parseCatalogue(fileOf(entry(more)))).toThrow(fault);
  });

  test.each(['openai', 'local'])("takes an operator's own endpoint as provider %s", (provider) => {
    const own = entry({ id: 'local_llama', provider, execution: 'operator' });
    expect(parseCatalogue(fileOf(own)).entries[0]).toMatchObject({ id: 'local_llama', provider: 'local' });
  });

  test('refuses an id that is listed twice', () => {
    expect(() => parseCatalogue(fileOf(entry(), entry()))).toThrow('near_qwen3_30b is listed twice');
  });

  test('names the line of a fault of syntax, of a field, of a missing field and of a repeated id', () => {
    const first = '- id: near_a\n  provider: near\n  upstream: x\n  execution: tee\n  type: chat\n  context: 10\n';
    const rest = '  maxOutput: 5\n  defaultOutput: 5\n  price: { input: "1", output: "1" }\n';
    expect(() => parseCatalogue('- id: a\n- {')).toThrow(/line 2/);
    expect(() => parseCatalogue(`# note\n${first}${rest.replace('5', '"5"')}`)).toThrow('line 8: 0.maxOutput');
    expect(() => parseCatalogue(`# note\n${first}`)).toThrow('line 2: 0.maxOutput');
    expect(() => parseCatalogue(`${first}${rest}${first}${rest}`)).toThrow('line 10: near_a is listed twice');
  });
});
