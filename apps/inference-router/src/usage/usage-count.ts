import type { ProviderUsage } from '@orgn/dialects';
import type { UsageCounts } from '@orgn/pricing';
import { most } from '../catalogue/largest-request.ts';
import type { AnswerEstimate, InferenceRequest } from '../endpoints/endpoint.ts';

/** What a request used, and who counted it. */
export interface UsageCount extends UsageCounts {
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
  request: Pick<InferenceRequest, 'promptEstimate' | 'images'>;
}

/** The provider's figures; else chunks as tokens and the prompt by its length, but nothing when nothing was produced. */
export function countOf({ usage, outputs, wasAnswered, request }: Heard): UsageCount {
  const images = onlyPositive({ images: request.images });
  if (usage && isCredible(usage))
    return { ...figuresOf(usage, request.promptEstimate), ...images, countedBy: 'provider' };
  if (!wasAnswered) return { promptTokens: 0, completionTokens: 0, countedBy: 'router' };
  return { promptTokens: request.promptEstimate, ...outputs, ...images, requests: 1, countedBy: 'router' };
}

function figuresOf(usage: ProviderUsage, promptEstimate: number): UsageCounts {
  return {
    // Figures in other units alone say nothing about tokens, and no prompt has none.
    promptTokens: usage.promptTokens || promptEstimate,
    completionTokens: usage.completionTokens,
    ...onlyPositive({
      cachedTokens: usage.cachedTokens,
      cacheWriteTokens: usage.cacheWriteTokens,
      reasoningTokens: usage.reasoningTokens,
      audioSeconds: Math.ceil(usage.audioSeconds),
    }),
    // A search unit is what rerankers charge for: one for up to so many documents.
    requests: Math.max(1, Math.ceil(usage.searchUnits)),
  };
}

function isCredible({ promptTokens, completionTokens, audioSeconds, searchUnits }: ProviderUsage): boolean {
  return (
    Math.max(promptTokens, completionTokens) <= most.tokens &&
    audioSeconds <= most.audioSeconds &&
    searchUnits <= most.searchUnits
  );
}

function onlyPositive<T extends Record<string, number>>(counts: T): Partial<T> {
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0)) as Partial<T>;
}
