import type { IncomingMessage } from 'node:http';
import { ByteBlocks } from '@orgn/service-kit';
import { errorCodes, type FastifyInstance, type FastifyRequest } from 'fastify';

/**
 * Has bodies stay bytes, in pieces as they are gathered: what a provider receives is what the caller sent, but for the edits
 * we list.
 * @param most bytes of a body
 */
export function takeBodies(fastify: FastifyInstance, most: number): void {
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('*', (_request: FastifyRequest, payload: IncomingMessage) => bodyOf(payload, most));
}

/** @throws Fastify's own errors: for a body that is too large, and for one that broke off, where nobody waits for an answer */
function bodyOf(payload: IncomingMessage, most: number): Promise<Buffer[]> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer[]>();
  const blocks = new ByteBlocks();
  payload.on('data', (chunk: Buffer) => {
    if (blocks.length + chunk.length <= most) return blocks.add(chunk);
    blocks.drop();
    reject(new errorCodes.FST_ERR_CTP_BODY_TOO_LARGE());
    payload.pause();
  });
  payload.once('end', () => resolve(blocks.take()));
  // An error takes a stack trace, so it is made only where one is needed.
  payload.once('close', () => payload.readableEnded || reject(new errorCodes.FST_ERR_CTP_INVALID_CONTENT_LENGTH()));
  payload.once('error', reject);
  return promise;
}
