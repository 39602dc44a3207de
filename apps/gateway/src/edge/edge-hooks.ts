import type { IncomingMessage } from 'node:http';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { withRequestId } from '@orgn/service-kit';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { AccessLog } from './access-log.ts';
import { BodyReader } from './body-reader.ts';
import { dialectOf, endpointAt } from '../paths/endpoints.ts';
import { FrontGate } from './front-gate.ts';
import { closeUnlessComplete } from './linger.ts';
import { ServerTiming } from './server-timing.ts';

/** What happens to every request at the edge, whatever its route. */
@Injectable()
export class EdgeHooks implements OnModuleInit {
  constructor(
    private readonly host: HttpAdapterHost,
    private readonly gate: FrontGate,
    private readonly bodies: BodyReader,
    private readonly log: AccessLog,
  ) {}

  onModuleInit(): void {
    const fastify = this.host.httpAdapter.getInstance<FastifyInstance>();
    for (const name of ['apiKey', 'bodyLease', 'timing', 'facts']) fastify.decorateRequest(name);
    // Bodies stay bytes: what the provider receives is what the caller sent.
    fastify.removeAllContentTypeParsers();
    fastify.addContentTypeParser('*', (request: FastifyRequest, payload: IncomingMessage) => {
      const { headers, bodyLease: lease, url } = request;
      return this.bodies.read({ payload, headers, lease, media: endpointAt(url)?.media ?? 'json' });
    });
    fastify.addHook('onRequest', (request, reply, done) =>
      withRequestId(request.id, () => this.#begin(request, reply, done)),
    );
  }

  #begin(request: FastifyRequest, reply: FastifyReply, done: (error?: Error) => void): void {
    request.facts = {};
    request.timing = new ServerTiming();
    request.bodyLease = this.bodies.lease();
    reply.raw.once('finish', () => closeUnlessComplete(request.raw));
    reply.raw.once('close', () => this.#end(request, reply));
    void reply.header('x-request-id', request.id);
    // Where Anthropic's SDK looks for it.
    if (dialectOf(request.url) === 'anthropic') void reply.header('request-id', request.id);
    try {
      if (this.gate.admit(request, reply)) done();
    } catch (error) {
      done(error as Error);
    }
  }

  #end(request: FastifyRequest, reply: FastifyReply): void {
    request.bodyLease.release();
    this.log.note(request, reply);
  }
}
