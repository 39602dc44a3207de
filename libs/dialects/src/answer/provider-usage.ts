import { z } from 'zod';

/** A provider's own figures. Classes are parts of their total: cached and cache-write of prompt, reasoning of completion. */
export interface ProviderUsage {
  promptTokens: number;
  completionTokens: number;
  /** Prompt tokens read from a cache. */
  cachedTokens: number;
  /** Prompt tokens written to a cache. */
  cacheWriteTokens: number;
  reasoningTokens: number;
  /** Prompt tokens that are audio. */
  audioTokens: number;
  /** Length of transcribed audio, in seconds. */
  audioSeconds: number;
  /** Cohere's unit of reranking: one query over up to 100 documents. */
  searchUnits: number;
}

/** A figure that may be left out, but not be anything else than a whole number: what has one such fault is not believed. */
const figure = z
  .number()
  .int()
  .nonnegative()
  .nullish()
  .transform((value) => value ?? undefined);
const amount = z
  .number()
  .nonnegative()
  .nullish()
  .transform((value) => value ?? undefined);

const promptDetails = z.object({ cached_tokens: figure, cache_write_tokens: figure, audio_tokens: figure }).nullish();

export const usageShape = z.object({
  prompt_tokens: figure,
  input_tokens: figure,
  completion_tokens: figure,
  output_tokens: figure,
  total_tokens: figure,
  /** DeepSeek's word for cached tokens. */
  prompt_cache_hit_tokens: figure,
  seconds: amount,
  prompt_tokens_details: promptDetails,
  completion_tokens_details: z.object({ reasoning_tokens: figure }).nullish(),
  input_token_details: promptDetails,
});
type UsageShape = z.output<typeof usageShape>;

export const metaShape = z.object({
  billed_units: z.object({ search_units: amount, input_tokens: figure }).nullish(),
  tokens: z.object({ input_tokens: figure }).nullish(),
});

/**
 * Reads usage as OpenAI, its audio endpoint or Cohere (`meta`) write it: whole or not at all. One figure that cannot be
 * (a fraction, a text, a part larger than its whole, a prompt of no tokens) makes all of them a guess.
 * @returns undefined when there are no figures, or none to be believed
 */
export function readUsage(usage: unknown, meta?: unknown): ProviderUsage | undefined {
  // Most chunks of a stream have none.
  if (!tellsUsage(usage, meta)) return undefined;
  const shape = usageShape.safeParse(usage ?? {}).data;
  const units = metaShape.safeParse(meta ?? {}).data;
  return shape && units && figuresOf(shape, units);
}

/** Whether a provider says something of usage, believable or not. */
export function tellsUsage(usage: unknown, meta?: unknown): boolean {
  return isSaid(usage) || isSaid(meta);
}

const isSaid = (value: unknown) => value !== undefined && value !== null;

type Units = z.output<typeof metaShape>;

function figuresOf(shape: UsageShape, units: Units): ProviderUsage | undefined {
  const prompt = promptOf(shape, units);
  const searchUnits = units.billed_units?.search_units;
  if (firstOf(prompt, shape.seconds, searchUnits) === undefined) return undefined;
  const figures = {
    promptTokens: prompt ?? 0,
    ...partsOfPrompt(shape),
    ...completionOf(shape),
    audioSeconds: shape.seconds ?? 0,
    searchUnits: searchUnits ?? 0,
  };
  return prompt !== 0 && isPlausible(figures) ? figures : undefined;
}

function promptOf(shape: UsageShape, { tokens, billed_units: billed }: Units): number | undefined {
  const { prompt_tokens, input_tokens } = shape;
  return firstOf(prompt_tokens, input_tokens, promptOfTotal(shape), tokens?.input_tokens, billed?.input_tokens);
}

function partsOfPrompt(shape: UsageShape) {
  const details = shape.prompt_tokens_details;
  return {
    cachedTokens: firstOf(details?.cached_tokens, shape.prompt_cache_hit_tokens) ?? 0,
    cacheWriteTokens: details?.cache_write_tokens ?? 0,
    audioTokens: audioTokensOf(shape),
  };
}

/** Endpoints without a completion sometimes give the total only. */
function promptOfTotal({ total_tokens, completion_tokens, output_tokens }: UsageShape): number | undefined {
  if (total_tokens === undefined) return undefined;
  return Math.max(0, total_tokens - (firstOf(completion_tokens, output_tokens) ?? 0));
}

/** xAI counts reasoning beside the completion and not in it; its total says so. */
function completionOf(shape: UsageShape) {
  const completionTokens = firstOf(shape.completion_tokens, shape.output_tokens) ?? 0;
  const reasoningTokens = shape.completion_tokens_details?.reasoning_tokens ?? 0;
  const isBeside = shape.total_tokens === (shape.prompt_tokens ?? 0) + completionTokens + reasoningTokens;
  return { completionTokens: isBeside ? completionTokens + reasoningTokens : completionTokens, reasoningTokens };
}

/** A part is never more than its whole. */
function isPlausible(figures: ProviderUsage): boolean {
  const { promptTokens, completionTokens, cachedTokens, cacheWriteTokens, reasoningTokens, audioTokens } = figures;
  return (
    cachedTokens + cacheWriteTokens <= promptTokens &&
    reasoningTokens <= completionTokens &&
    audioTokens <= promptTokens
  );
}

function audioTokensOf(shape: UsageShape): number {
  return Math.max(shape.prompt_tokens_details?.audio_tokens ?? 0, shape.input_token_details?.audio_tokens ?? 0);
}

const firstOf = (...figures: (number | undefined)[]) => figures.find((value) => value !== undefined);
