import type { IncomingMessage } from 'node:http';
import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { endpointAt } from '../paths/endpoints.ts';
import { AccessLog } from './access-log.ts';
import { BodyReader } from './body-reader.ts';
import { readAs } from './content-type.ts';
import { FrontGate } from './front-gate.ts';
import { Linger } from './linger.ts';

/** Takes requests in that no stranger sent: what remains to be said of their heads, then their bodies, until their end. */
@Injectable()
export class Reception {
  constructor(
    private readonly gate: FrontGate,
    private readonly bodies: BodyReader,
    private readonly log: AccessLog,
    private readonly linger: Linger,
  ) {}

  /**
   * @returns true when a handler is to answer, false when the request has been answered here
   * @throws RefusalError or ServiceError for what the head says against the request or its body
   */
  admit(request: FastifyRequest, reply: FastifyReply): boolean {
    const isForHandler = this.gate.admit(request, reply);
    request.bodyLease = this.bodies.lease();
    if (isForHandler) this.#expectBody(request);
    reply.raw.once('finish', () => this.linger.over(request.raw, request.ip));
    reply.raw.once('close', () => this.#end(request, reply));
    return isForHandler;
  }

  /** @throws ServiceError as reading a body does */
  read(request: FastifyRequest, payload: IncomingMessage): Promise<Buffer> {
    const { headers, bodyLease: lease, url } = request;
    return this.bodies.read({ payload, headers, lease, media: mediaOf(url) });
  }

  #expectBody(request: FastifyRequest): void {
    const { headers, method, url } = request;
    const declared = headers['content-type'] ?? '';
    // Fastify would refuse a type that it cannot read before our own reader has its say, so that it is shown none.
    delete request.raw.headers['content-type'];
    if (method === 'POST') request.bodyType = readAs(mediaOf(url), declared);
    this.bodies.requireTakeable(headers, mediaOf(url));
  }

  #end(request: FastifyRequest, reply: FastifyReply): void {
    request.bodyLease.release();
    this.log.note(request, reply);
  }
}

const mediaOf = (url: string) => endpointAt(url)?.media ?? 'json';
