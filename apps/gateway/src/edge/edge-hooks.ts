import type { IncomingMessage } from 'node:http';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { withRequestId } from '@orgn/service-kit';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { AccessLog } from './access-log.ts';
import { BodyReader } from './body-reader.ts';
import { readAs } from './content-type.ts';
import { dialectOf } from '../paths/dialect.ts';
import { endpointAt } from '../paths/endpoints.ts';
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
    for (const name of ['apiKey', 'bodyLease', 'bodyType', 'timing', 'facts']) fastify.decorateRequest(name);
    // Bodies stay bytes: what the provider receives is what the caller sent.
    fastify.removeAllContentTypeParsers();
    fastify.addContentTypeParser('*', (request: FastifyRequest, payload: IncomingMessage) => {
      const { headers, bodyLease: lease, url } = request;
      return this.bodies.read({ payload, headers, lease, media: mediaOf(url) });
    });
    // Node answers an expectation that it does not know by itself, and not in our words.
    fastify.server.on('checkExpectation', (request, response) => fastify.server.emit('request', request, response));
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
    if (dialectOf(request) === 'anthropic') void reply.header('request-id', request.id);
    try {
      if (!this.gate.admit(request, reply)) return;
      takeType(request);
      done();
    } catch (error) {
      done(error as Error);
    }
  }

  #end(request: FastifyRequest, reply: FastifyReply): void {
    request.bodyLease.release();
    this.log.note(request, reply);
  }
}

const mediaOf = (url: string) => endpointAt(url)?.media ?? 'json';

/** Fastify would refuse a type that it cannot read before our own reader has its say, so that it is shown none. */
function takeType(request: FastifyRequest): void {
  const declared = request.headers['content-type'] ?? '';
  delete request.raw.headers['content-type'];
  if (request.method === 'POST') request.bodyType = readAs(mediaOf(request.url), declared);
}
