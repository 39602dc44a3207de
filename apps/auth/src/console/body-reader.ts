import type { IncomingMessage } from 'node:http';
import { ServiceError } from '@orgn/contracts';
import { ByteBlocks, joined } from '@orgn/service-kit';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { BodyMemory, type BodyLease } from './body-memory.ts';

/** Reads bodies whole, within what they may hold of this host's memory together. */
export class BodyReader {
  readonly #memory = new BodyMemory();
  readonly #leases = new WeakMap<FastifyRequest, BodyLease>();

  /** For a request that begins: what its body will hold is given back when it has been answered, or its caller has left. */
  expect(request: FastifyRequest, reply: FastifyReply): void {
    const lease = this.#memory.lease(request.ip);
    this.#leases.set(request, lease);
    reply.raw.once('close', () => lease.release());
  }

  /** @throws ServiceError `request_too_large`, `service_unavailable`, or `invalid_request` for a body that breaks off */
  read(request: FastifyRequest, payload: IncomingMessage): Promise<Buffer> {
    const limit = request.routeOptions.bodyLimit;
    if (Number(request.headers['content-length'] ?? 0) > limit) return Promise.reject(tooLarge());
    const lease = this.#leases.get(request);
    const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
    const blocks = new ByteBlocks();
    const take = (chunk: Buffer) => {
      if (blocks.length + chunk.length > limit) stop(tooLarge());
      else if (lease?.grow(chunk.length)) blocks.add(chunk);
      else stop(exhausted());
    };
    const breakOff = () => stop(brokenOff());
    // What still arrives is thrown away.
    const stop = (error: ServiceError) => {
      payload.off('data', take).off('close', breakOff).resume();
      blocks.drop();
      lease?.release();
      reject(error);
    };
    const finish = () => {
      payload.off('close', breakOff);
      resolve(joined(blocks.take()));
    };
    payload.on('data', take).once('end', finish).once('error', breakOff).once('close', breakOff);
    return promise;
  }
}

const tooLarge = () => new ServiceError('request_too_large', 'The request body is larger than this host accepts.');
const brokenOff = () => new ServiceError('invalid_request', 'The request body broke off.');
const exhausted = () =>
  new ServiceError('service_unavailable', 'Too many large requests are under way; try again shortly.');
