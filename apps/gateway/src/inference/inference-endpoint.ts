import type { Capability } from '@orgn/contracts';

/** What the edge needs to know of a request to run it; the router reads the same bytes again. */
export interface Asked {
  model: string;
  /** Models that the caller lists for the case that the first one cannot answer, in order. */
  fallbacks: readonly string[];
  isStream: boolean;
}

/** One way to run a model. Its path is the same at the edge and at the router. */
export interface InferenceEndpoint {
  path: string;
  /** What a model must be able to do. */
  capability: Capability;
  /** @throws ServiceError naming the field at fault */
  parse(body: Buffer, contentType: string): Asked;
}

/** Picks these facts out of a parsed request. */
export function toAsked(request: {
  model: string;
  models?: readonly string[] | null | undefined;
  stream?: boolean | null | undefined;
}): Asked {
  return { model: request.model, fallbacks: request.models ?? [], isStream: request.stream === true };
}
