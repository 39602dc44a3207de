import type { ProviderUsage, UsageBounds } from '@orgn/dialects';
import type { UsageCounts } from '@orgn/pricing';
import type { AnswerEstimate } from '../endpoints/endpoint.ts';

/** What a request used, and who counted it. */
export interface UsageCount extends UsageCounts {
  /** As the provider told them; each is charged as a request. */
  searchUnits?: number;
  countedBy: 'provider' | 'router';
}

/** What is known of a request when it ends. */
export interface Heard {
  /** The provider's own figures. */
  usage: ProviderUsage | undefined;
  /** Output that passed by, as far as it can be counted. */
  outputs: AnswerEstimate;
  /** Anything was produced at all. */
  wasAnswered: boolean;
  /** The prompt was sent, and is owed although nothing was produced. */
  isPromptOwed: boolean;
  /** Prompt tokens that the request is taken to have; asked only where the provider does not say. */
  promptEstimate: () => number;
  images: number;
  bounds: Omit<UsageBounds, 'images'>;
  /** Tokens that can have been produced, judged by the chunks that passed by; undefined where chunks tell nothing. */
  seenTokens?: number | undefined;
}

/**
 * The provider's figures, whole or not at all; else chunks as tokens and the prompt by its texts. When nothing was produced
 * the prompt alone is owed, and only by a caller who sent it off and left. Never more than the request can have used.
 */
export function countOf(heard: Heard): UsageCount {
  const { usage, outputs, wasAnswered, bounds } = heard;
  const images = onlyPositive({ images: heard.images });
  const promptTokens = () => Math.min(heard.promptEstimate(), bounds.promptTokens);
  if (usage && isCredible(usage, heard)) return { ...figuresOf(usage, promptTokens), ...images, countedBy: 'provider' };
  if (!wasAnswered) return { ...unanswered(heard, promptTokens), countedBy: 'router' };
  return { promptTokens: promptTokens(), ...within(outputs, bounds), ...images, requests: 1, countedBy: 'router' };
}

function within({ completionTokens, audioSeconds }: AnswerEstimate, bounds: Heard['bounds']): AnswerEstimate {
  return {
    completionTokens: Math.min(completionTokens, bounds.completionTokens),
    ...(audioSeconds !== undefined && { audioSeconds: Math.min(audioSeconds, bounds.audioSeconds) }),
  };
}

/** Fees for answers are none: there was none. */
function unanswered({ isPromptOwed, images }: Heard, promptTokens: () => number): UsageCounts {
  if (!isPromptOwed) return { promptTokens: 0, completionTokens: 0 };
  return { promptTokens: promptTokens(), completionTokens: 0, ...onlyPositive({ images }), requests: 0 };
}

function figuresOf(usage: ProviderUsage, promptEstimate: () => number): Omit<UsageCount, 'countedBy'> {
  return {
    // Figures in other units alone say nothing about tokens, and no prompt has none.
    promptTokens: usage.promptTokens || promptEstimate(),
    completionTokens: usage.completionTokens,
    ...onlyPositive({
      cachedTokens: usage.cachedTokens,
      cacheWriteTokens: usage.cacheWriteTokens,
      reasoningTokens: usage.reasoningTokens,
      audioSeconds: Math.ceil(usage.audioSeconds),
      searchUnits: Math.ceil(usage.searchUnits),
    }),
    // A search unit is what rerankers charge for: one for up to so many documents.
    requests: Math.max(1, Math.ceil(usage.searchUnits)),
  };
}

function isCredible(usage: ProviderUsage, { bounds, outputs, seenTokens = Infinity }: Heard): boolean {
  const isWithin =
    usage.promptTokens <= bounds.promptTokens &&
    usage.completionTokens <= Math.min(bounds.completionTokens, seenTokens) &&
    usage.audioSeconds <= bounds.audioSeconds &&
    usage.searchUnits <= bounds.requests;
  // What was seen was produced.
  return isWithin && (usage.completionTokens > 0 || outputs.completionTokens === 0);
}

function onlyPositive<T extends Record<string, number>>(counts: T): Partial<T> {
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0)) as Partial<T>;
}
