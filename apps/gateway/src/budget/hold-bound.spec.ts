import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { model as modelSchema, promptBounds, type Model } from '@orgn/contracts';
import { measureChat, type RequestMeasure } from '@orgn/dialects';
import { costNanoUsd, dearestNanoUsd } from '@orgn/pricing';
import { countTokens } from 'gpt-tokenizer/encoding/o200k_base';
import fc from 'fast-check';
import { parse } from 'yaml';
import { readers } from '../inference/reading/readers.ts';
import { holdBound, largestOutput } from './hold-bound.ts';

const root = join(import.meta.dirname, '../../../..');
const text = (file: string) => readFileSync(join(root, file), 'utf8');
const catalogue = (parse(text('models.yaml')) as object[]).map((entry) => ({
  ...(entry as Model),
  bounds: promptBounds.parse((entry as Model).bounds),
  price: modelSchema.shape.price.parse((entry as Model).price),
}));
const chatModels = catalogue.filter(({ type }) => type === 'chat');

interface Shape {
  path: string;
  body: { model: string };
}

const english = text('libs/dialects/src/counting/testing/english.txt').replaceAll('"', "'").replaceAll('\n', ' ');
const filled = (length: number) => english.repeat(Math.ceil(length / english.length)).slice(0, length);
const withTexts = (body: object) =>
  Buffer.from(JSON.stringify(body).replace(/text \((\d+)\)/g, (_, length: string) => filled(Number(length))));
const shapes = ['claude-code', 'claude-agent-sdk', 'codex', 'codex-builtin'].flatMap((client) =>
  (JSON.parse(text(`libs/testing/client-shapes/${client}.json`)) as Shape[]).map(
    ({ path, body }, at) => [client, at, path, withTexts(body)] as const,
  ),
);
const policy = { isStrict: false, cachesPrompts: () => false, tokenizerOf: () => undefined };
const FIVE_USD = 5_000_000_000;

describe('what is held for the recorded requests of coding agents', () => {
  const measured = (path: string, body: Buffer): RequestMeasure =>
    readers.get(path.split('?')[0] ?? '')!.read(body, 'application/json', policy).measure!;

  test.each(shapes)('%s %i (%s) fits $5 on every chat model', (_client, _at, path, body) => {
    const measure = measured(path, body);
    for (const model of chatModels) expect(holdBound(measure, [model]).nanoUsd).toBeLessThan(FIVE_USD);
  });

  test.each(shapes)('%s %i (%s) holds at most 8 times what its prompt costs', (_client, _at, path, body) => {
    const { prompt } = measured(path, body);
    const promptTokens = countTokens(readable(body));
    for (const model of chatModels) {
      const held = holdBound({ prompt, choices: 0 }, [model]).nanoUsd;
      const cost = costNanoUsd({ promptTokens, completionTokens: 0 }, model.price);
      expect(held).toBeGreaterThanOrEqual(cost);
      expect(held / cost).toBeLessThanOrEqual(8);
    }
  });
});

/** What a model reads of such a request: everything that stands in it, without its quotes. */
function readable(body: Buffer): string {
  const { messages, system, instructions, input, tools } = JSON.parse(body.toString()) as Record<string, unknown>;
  return JSON.stringify([messages, system, instructions, input, tools]);
}

describe('holdBound', () => {
  const price = { input: '1', output: '2' };
  const bounds = { prompt: 0, message: 0, tools: 0, tool: 0, assumed: false };
  const small = {
    id: 'near_s',
    type: 'chat',
    context: 1_000,
    maxOutput: 100,
    defaultOutput: 10,
    price,
    bounds,
  } as Model;
  const measure = measureChat({ messages: [{ role: 'user', content: 'Hello' }], max_tokens: 50 });

  test('is of the dearest model that may run, in tokens and in money apart', () => {
    const long = {
      ...small,
      maxOutput: 50,
      price: { input: '0.1', output: '0.1' },
      bounds: { ...bounds, prompt: 900 },
    };
    expect(holdBound(measure, [small])).toEqual({ nanoUsd: 105_000, tokens: 55 });
    expect(holdBound(measure, [small, long])).toEqual({ nanoUsd: 105_000, tokens: 955 });
  });

  test('is never below what a request within its bounds costs, however its tokens turn out', () => {
    const rate = fc.constantFrom('0', '0.1', '1', '3.75', '25');
    const rates = { input: rate, output: rate, cachedInput: rate, cacheWrite: rate, reasoning: rate };
    const part = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(fc.record(rates), part, part, part, part, (own, used, cached, written, reasoned) => {
        const model = { ...small, price: own };
        const promptTokens = Math.floor(5 * used);
        const counts = {
          promptTokens,
          completionTokens: 50,
          cachedTokens: Math.floor(promptTokens * cached),
          cacheWriteTokens: Math.floor(promptTokens * written),
          reasoningTokens: Math.floor(50 * reasoned),
        };
        expect(costNanoUsd(counts, own)).toBeLessThanOrEqual(holdBound(measure, [model]).nanoUsd);
      }),
    );
  });

  test('goes by the tier that the bound reaches', () => {
    const longContext = { aboveTokens: 4, input: '10', output: '20' };
    const tiered = { ...small, price: { ...price, longContext } };
    expect(holdBound(measure, [tiered]).nanoUsd).toBe(
      dearestNanoUsd({ promptTokens: 5, completionTokens: 50 }, tiered.price),
    );
    expect(holdBound(measure, [tiered]).nanoUsd).toBe(1_050_000);
  });
});

describe('largestOutput', () => {
  const price = { input: '1', output: '2' };
  const model = { id: 'near_s', type: 'chat', context: 100, maxOutput: 80, defaultOutput: 10, price } as Model;
  const measure = measureChat({ messages: [], n: 2 });

  test('is the largest limit that still fits, and 0 where not even the prompt does', () => {
    expect(largestOutput(measure, [model], 120_000)).toBe(5);
    expect(largestOutput(measure, [model], 119_999)).toBe(4);
    expect(largestOutput(measure, [model], 1_000_000)).toBe(80);
    expect(largestOutput(measure, [model], 50_000)).toBe(0);
  });
});
