import { completionBound, usageBounds, type BoundingModel, type UsageBounds } from '@orgn/dialects';
import { most } from '../catalogue/largest-request.ts';
import type { InferenceRequest } from '../endpoints/endpoint.ts';

type Bounded = Pick<InferenceRequest, 'bounds'>;

/**
 * What a request cannot have used more of at the model that ran it. A figure beyond its bound is a fault, and none beside it
 * is believed then. Where the catalogue is not certain of a prompt's bound, what is plausible is believed beyond it.
 */
export function boundsOf({ bounds }: Bounded, model: BoundingModel): UsageBounds {
  const { measure } = bounds;
  const stated = usageBounds(measure, model);
  const promptTokens = Math.min(credible(stated.promptTokens, bounds.promptTokens, model), most.tokens);
  const output = completionBound(measure.outputLimit, model, promptTokens) * measure.choices;
  return {
    ...stated,
    promptTokens,
    completionTokens: Math.min(output, most.tokens),
  };
}

/** No conversation has more tokens than its model reads, however many bytes the pictures in it have. */
function credible(stated: number, tokens: number | undefined, { bounds, type, context }: BoundingModel): number {
  if (bounds && !bounds.assumed) return stated;
  const plausible = type === 'chat' ? Math.min(tokens ?? context, context) : (tokens ?? most.tokens);
  return bounds ? Math.max(stated, plausible) : plausible;
}
