import type { FastifyReply, FastifyRequest } from 'fastify';
import { requestId, ServiceError, type KeyId, type RequestId } from '@orgn/contracts';
import type { PresentedKey } from '../authentication/presented-key.ts';

/** What the access log may say of a call: ids and known model names, nothing a caller wrote. */
export interface EdgeFacts {
  keyId?: KeyId;
  model?: string;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** The key of a request to /v1, checked for its form before the body was read. */
    apiKey: PresentedKey;
    facts: EdgeFacts;
  }
}

/** One call at the edge: its id, its key and its bytes. */
export interface EdgeCall {
  requestId: RequestId;
  apiKey: PresentedKey;
  body: Buffer;
  facts: EdgeFacts;
  /** The caller wants the provider's answer unedited. */
  isRaw: boolean;
  reply: FastifyReply;
}

/** @throws ServiceError `invalid_request` when the body is not declared as JSON */
export function toEdgeCall(request: FastifyRequest, reply: FastifyReply): EdgeCall {
  const type = request.headers['content-type'];
  if (type && !/^application\/(json|[a-z.-]+\+json)\s*(;|$)/i.test(type)) {
    throw new ServiceError(
      'invalid_request',
      'Send the body as JSON, with the header "content-type: application/json".',
    );
  }
  return {
    requestId: requestId.parse(request.id),
    apiKey: request.apiKey,
    body: Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0),
    facts: request.facts,
    isRaw: request.headers['x-ollm-raw'] === 'true',
    reply,
  };
}
