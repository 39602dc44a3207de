import type { FastifyReply, FastifyRequest } from 'fastify';
import { requestId, type KeyId, type RequestId } from '@orgn/contracts';
import type { PresentedKey } from '../authentication/presented-key.ts';
import type { BodyLease } from './body-memory.ts';
import { dialectOf, type Dialect } from '../paths/dialect.ts';
import type { RefusalReason } from './refusal-notes.ts';
import { demandsOf, type CallerDemands } from './request-headers.ts';
import type { ServerTiming } from './server-timing.ts';

/** What the access log may say of a call: ids and known model names, nothing a caller wrote. */
export interface EdgeFacts {
  keyId?: KeyId;
  model?: string;
  /** Why it was refused. */
  refusal?: RefusalReason;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** The key of a request to /v1, checked for its form before the body was read. */
    apiKey: PresentedKey;
    /** The memory that its body takes up. */
    bodyLease: BodyLease;
    /** What its body is read as. */
    bodyType: string;
    timing: ServerTiming;
    facts: EdgeFacts;
  }
}

/** One call at the edge: its id, its key, its bytes, and what it demands. */
export interface EdgeCall extends CallerDemands {
  requestId: RequestId;
  dialect: Dialect;
  apiKey: PresentedKey;
  /** Its bytes, in pieces. */
  body: readonly Buffer[];
  /** What the body is read as, with the boundary that a form needs to be read. */
  contentType: string;
  facts: EdgeFacts;
  timing: ServerTiming;
  reply: FastifyReply;
  /** Says the router of its bytes, once they were read, where not all of them are passed on. */
  received?: string | undefined;
}

/** @throws ServiceError `invalid_request` when a demand in the headers is not understood */
export function toEdgeCall(request: FastifyRequest, reply: FastifyReply): EdgeCall {
  return {
    ...demandsOf(request.headers),
    requestId: requestId.parse(request.id),
    dialect: dialectOf(request),
    apiKey: request.apiKey,
    body: Array.isArray(request.body) ? (request.body as Buffer[]) : [],
    contentType: request.bodyType,
    facts: request.facts,
    timing: request.timing,
    reply,
  };
}
