import type { Capability, TokenizerFamily } from '@orgn/contracts';
import type { ReadPolicy, ReadRequest, RequestForm, RequestMeasure, TokenCount } from '@orgn/dialects';

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
  /** How large it is as it goes on: what it can cost follows from that. Absent where nothing is run. */
  measure?: RequestMeasure;
  /** Of a request that only asks for them. */
  tokens?: TokenCount;
}

/** How a deployment and a caller want requests to be read, and what is known of the models. */
export interface EdgePolicy extends ReadPolicy {
  readonly tokenizerOf: (model: string) => TokenizerFamily | undefined;
}

/** A path that takes a body. */
export interface ReadableEndpoint {
  path: string;
  /** @throws ServiceError naming the field at fault */
  read(body: Buffer, contentType: string, policy: EdgePolicy): AskedRequest;
}

/** One way to run a model. Its path is the same at the edge and at the router. */
export interface InferenceEndpoint extends ReadableEndpoint {
  /** What a model must be able to do. */
  capability: Capability;
}

interface ModelRequest {
  model: string;
  models?: readonly string[] | null | undefined;
  stream?: boolean | null | undefined;
}

/** Reads a request in JSON and picks out what it asks, and how large it is. */
export function askedBy<R extends ModelRequest>(
  form: RequestForm<R>,
  measure: (request: R) => RequestMeasure,
): ReadableEndpoint['read'] {
  return (bytes, contentType, policy) => {
    const { request, ...read } = form.read(bytes, policy);
    return { ...read, ...toAsked(request), contentType, measure: measure(request) };
  };
}

/** Reads a request in JSON and counts its tokens, which is all that it asks. */
export function countedBy<R extends ModelRequest>(
  form: RequestForm<R>,
  count: (request: R, family: TokenizerFamily | undefined) => TokenCount,
): ReadableEndpoint['read'] {
  return (bytes, contentType, policy) => {
    const { request, ...read } = form.read(bytes, policy);
    return { ...read, ...toAsked(request), contentType, tokens: count(request, policy.tokenizerOf(request.model)) };
  };
}

function toAsked({ model, models, stream }: ModelRequest): Asked {
  return { model, fallbacks: models ?? [], isStream: stream === true };
}
