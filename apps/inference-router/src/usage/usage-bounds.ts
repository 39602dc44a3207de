import type { CataloguedModel } from '../catalogue/catalogue.service.ts';
import { most } from '../catalogue/largest-request.ts';
import type { InferenceRequest } from '../endpoints/endpoint.ts';

/** What a request cannot have used more of. A figure beyond its bound is a fault, and none beside it is believed then. */
export interface UsageBounds {
  promptTokens: number;
  completionTokens: number;
  audioSeconds: number;
  searchUnits: number;
}

type Bounded = Pick<InferenceRequest, 'bounds' | 'outputLimit'>;
type Limits = Pick<CataloguedModel, 'type' | 'context' | 'maxOutput' | 'defaultOutput'>;

/** The bounds of a request at the model that ran it. */
export function boundsOf({ bounds, outputLimit }: Bounded, model: Limits): UsageBounds {
  const promptTokens = promptBound(bounds.promptTokens, model);
  return {
    promptTokens,
    completionTokens: Math.min(completionBound(outputLimit?.tokens, model, promptTokens) * bounds.choices, most.tokens),
    audioSeconds: bounds.audioSeconds ?? most.audioSeconds,
    searchUnits: bounds.searchUnits ?? most.searchUnits,
  };
}

/** No conversation has more tokens than its model reads, however many bytes the pictures in it have. */
function promptBound(tokens: number | undefined, { type, context }: Limits): number {
  if (type === 'chat') return Math.min(tokens ?? context, context);
  return Math.min(tokens ?? most.tokens, most.tokens);
}

/** What the caller allows of one answer, or else what the router sets; answers without an own limit follow the prompt. */
function completionBound(allowed: number | undefined, model: Limits, promptTokens: number): number {
  if (model.maxOutput === 0) return promptTokens;
  return Math.min(allowed ?? model.defaultOutput, model.maxOutput);
}
