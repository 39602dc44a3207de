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
    expect(parseCatalogue(text).entries.map(({ id }) => id)).toContain('vercel_text_embedding_3_small');
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

  test('names the line of a YAML fault', () => {
    expect(() => parseCatalogue('- id: a\n- {')).toThrow(/line \d/);
  });
});
