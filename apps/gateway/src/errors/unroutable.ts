import type { FastifyReply, FastifyRequest } from 'fastify';
import { dialectOf } from '../paths/dialect.ts';
import { toEdgeAnswer } from './edge-error.ts';

/** Answers a URL that is malformed, which Fastify refuses before any hook or filter has its say. */
export function answerUnroutable(error: Error, request: FastifyRequest, reply: FastifyReply): void {
  const { id: requestId } = request;
  const { status, headers, body } = toEdgeAnswer(error, { requestId, dialect: dialectOf(request) });
  void reply.status(status).headers(headers).header('x-request-id', requestId).send(body);
}
