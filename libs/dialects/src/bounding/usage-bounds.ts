import { ServiceError, type Model } from '@orgn/contracts';
import type { PromptMeasure, RequestMeasure } from './prompt-measure.ts';

/** What a request cannot use more of. */
export interface UsageBounds {
  promptTokens: number;
  completionTokens: number;
  images: number;
  audioSeconds: number;
  /** How often a fee per request applies at most. */
  requests: number;
}

/** As much of a model as bounds what a request uses of it. */
export type BoundingModel = Pick<Model, 'id' | 'type' | 'context' | 'maxOutput' | 'defaultOutput'> & {
  bounds?: Model['bounds'];
};

/**
 * The bounds of a request at a model: gateways hold money by them, and routers believe no figure beyond them.
 * @throws ServiceError `invalid_request` for a part of a kind that the model has no bound for
 */
export function usageBounds(measure: RequestMeasure, model: BoundingModel): UsageBounds {
  const promptTokens = promptBound(measure.prompt, model);
  return {
    promptTokens,
    completionTokens: completionBound(measure.outputLimit, model, promptTokens) * measure.choices,
    images: measure.prompt.images,
    audioSeconds: measure.prompt.audioSeconds,
    requests: Math.max(1, measure.searchUnits ?? 1),
  };
}

/**
 * Tokens that a prompt cannot have more of: a byte of text is one at most, everything else as the catalogue states it, and
 * no prompt has more than its model reads. A model that states nothing is bounded by that alone.
 * @throws ServiceError as `usageBounds`
 */
export function promptBound(measure: PromptMeasure, model: BoundingModel): number {
  const window = model.context * measure.sequences;
  if (!model.bounds) return window;
  requireBounded(measure, model);
  const { prompt, message, tools, tool, image = 0, page = 0, pages = 0, audioSecond = 0 } = model.bounds;
  const offered = measure.tools > 0 ? tools + tool * measure.tools : 0;
  const around = prompt * measure.sequences + message * measure.messages + offered;
  const media = image * measure.images + page * pages * measure.files + audioSecond * measure.audioSeconds;
  return Math.min(measure.bytes + around + media, window);
}

/** What the caller allows of one answer, or else what the router sets; answers without a limit of their own follow the prompt. */
export function completionBound(
  allowed: number | undefined,
  { maxOutput, defaultOutput }: Pick<Model, 'maxOutput' | 'defaultOutput'>,
  promptTokens: number,
): number {
  if (maxOutput === 0) return promptTokens;
  return Math.min(allowed ?? defaultOutput, maxOutput);
}

function requireBounded(measure: PromptMeasure, { id, bounds }: BoundingModel): void {
  const kinds = [
    { what: 'images', count: measure.images, bound: bounds?.image },
    { what: 'files', count: measure.files, bound: bounds?.page },
    { what: 'audio', count: measure.audioSeconds, bound: bounds?.audioSecond },
  ];
  const unbounded = kinds.find(({ count, bound }) => count > 0 && bound === undefined);
  if (!unbounded) return;
  const message = `What ${unbounded.what} cost at ${id} has no bound, so nothing could be set aside for them; leave them out.`;
  throw new ServiceError('invalid_request', message, { param: 'messages' });
}
