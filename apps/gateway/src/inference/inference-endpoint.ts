import type { Capability } from '@orgn/contracts';
import type { ReadPolicy, ReadRequest, RequestForm } from '@orgn/dialects';

/** What the edge needs to know of a request to run it; the router reads the same bytes again. */
export interface Asked {
  model: string;
  /** Models that the caller lists for the case that the first one cannot answer, in order. */
  fallbacks: readonly string[];
  isStream: boolean;
}

/** A request as it goes on: what it asks, and its bytes without what nobody here uses. */
export interface AskedRequest extends Asked, Omit<ReadRequest<unknown>, 'request'> {
  /** What these bytes are, with the boundary of a form. */
  contentType: string;
}

/** One way to run a model. Its path is the same at the edge and at the router. */
export interface InferenceEndpoint {
  path: string;
  /** What a model must be able to do. */
  capability: Capability;
  /** @throws ServiceError naming the field at fault */
  read(body: Buffer, contentType: string, policy: ReadPolicy): AskedRequest;
}

interface ModelRequest {
  model: string;
  models?: readonly string[] | null | undefined;
  stream?: boolean | null | undefined;
}

/** Reads a request in JSON and picks out what it asks. */
export function askedBy<R extends ModelRequest>(form: RequestForm<R>): InferenceEndpoint['read'] {
  return (bytes, contentType, policy) => {
    const { request, ...read } = form.read(bytes, policy);
    return {
      ...read,
      contentType,
      model: request.model,
      fallbacks: request.models ?? [],
      isStream: request.stream === true,
    };
  };
}
