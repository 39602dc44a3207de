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

const count = z.number().int().nonnegative();
const figure = count.optional().catch(undefined);
const amount = z.number().nonnegative().optional().catch(undefined);
const zero = count.catch(0);

const promptDetails = z
  .object({ cached_tokens: zero, cache_write_tokens: zero, audio_tokens: zero })
  .catch({ cached_tokens: 0, cache_write_tokens: 0, audio_tokens: 0 });

const usageShape = z.object({
  prompt_tokens: figure,
  input_tokens: figure,
  completion_tokens: figure,
  output_tokens: figure,
  total_tokens: figure,
  seconds: amount,
  prompt_tokens_details: promptDetails,
  completion_tokens_details: z.object({ reasoning_tokens: zero }).catch({ reasoning_tokens: 0 }),
  input_token_details: promptDetails,
});
const noUsage = usageShape.parse({});

const metaShape = z.object({
  billed_units: z.object({ search_units: amount, input_tokens: figure }).catch({}),
  tokens: z.object({ input_tokens: figure }).catch({}),
});
const noMeta = metaShape.parse({});

/**
 * Reads usage as OpenAI, its audio endpoint or Cohere (`meta`) write it.
 * @returns undefined when there are no figures
 */
export function readUsage(usage: unknown, meta?: unknown): ProviderUsage | undefined {
  // Most chunks of a stream have none.
  return usage || meta ? figuresOf(usage, meta) : undefined;
}

function figuresOf(usage: unknown, meta: unknown): ProviderUsage | undefined {
  const shape = usageShape.safeParse(usage).data ?? noUsage;
  const { billed_units: billed, tokens } = metaShape.safeParse(meta).data ?? noMeta;
  // Endpoints without a completion sometimes give the total only.
  const prompt = firstOf(
    shape.prompt_tokens,
    shape.input_tokens,
    shape.total_tokens,
    tokens.input_tokens,
    billed.input_tokens,
  );
  if (firstOf(prompt, shape.seconds, billed.search_units) === undefined) return undefined;
  const promptTokens = prompt ?? 0;
  const completionTokens = firstOf(shape.completion_tokens, shape.output_tokens) ?? 0;
  // A part is never more than its whole, whatever a provider says.
  const cachedTokens = Math.min(shape.prompt_tokens_details.cached_tokens, promptTokens);
  return {
    promptTokens,
    completionTokens,
    cachedTokens,
    cacheWriteTokens: Math.min(shape.prompt_tokens_details.cache_write_tokens, promptTokens - cachedTokens),
    audioTokens: Math.min(audioTokensOf(shape), promptTokens),
    reasoningTokens: Math.min(shape.completion_tokens_details.reasoning_tokens, completionTokens),
    audioSeconds: shape.seconds ?? 0,
    searchUnits: billed.search_units ?? 0,
  };
}

function audioTokensOf(shape: z.output<typeof usageShape>): number {
  return Math.max(shape.prompt_tokens_details.audio_tokens, shape.input_token_details.audio_tokens);
}

const firstOf = (...figures: (number | undefined)[]) => figures.find((value) => value !== undefined);
