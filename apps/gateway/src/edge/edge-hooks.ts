import type { IncomingMessage, ServerResponse } from 'node:http';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { withRequestId } from '@orgn/service-kit';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { isDeclared } from '../errors/edge-error.ts';
import { dialectOf } from '../paths/dialect.ts';
import { Doorkeeper } from './doorkeeper.ts';
import { EarlyRefusals } from './early-refusals.ts';
import { Reception } from './reception.ts';
import { ServerTiming } from './server-timing.ts';

/** What happens to every request at the edge, whatever its route. */
@Injectable()
export class EdgeHooks implements OnModuleInit {
  /** Responses whose callers wait to be told that their body is wanted. */
  readonly #waiting = new WeakSet<ServerResponse>();

  constructor(
    private readonly host: HttpAdapterHost,
    private readonly door: Doorkeeper,
    private readonly reception: Reception,
    private readonly refusals: EarlyRefusals,
  ) {}

  onModuleInit(): void {
    const fastify = this.host.httpAdapter.getInstance<FastifyInstance>();
    for (const name of ['apiKey', 'bodyLease', 'bodyType', 'timing', 'facts']) fastify.decorateRequest(name);
    // Bodies stay bytes: what the provider receives is what the caller sent.
    fastify.removeAllContentTypeParsers();
    fastify.addContentTypeParser('*', (request: FastifyRequest, payload: IncomingMessage) =>
      this.reception.read(request, payload),
    );
    const { server } = fastify;
    // Node would ask for the body at once.
    server.on('checkContinue', (request, response) => {
      this.#waiting.add(response);
      server.emit('request', request, response);
    });
    // Node answers an expectation that it does not know by itself, and not in our words.
    server.on('checkExpectation', (request, response) => server.emit('request', request, response));
    fastify.addHook('onRequest', (request, reply, done) =>
      withRequestId(request.id, () => {
        this.#meet(request, reply).then((isForHandler) => {
          if (isForHandler) done();
        }, done);
      }),
    );
  }

  /** @returns false when the request has been answered here */
  async #meet(request: FastifyRequest, reply: FastifyReply): Promise<boolean> {
    request.facts = {};
    request.timing = new ServerTiming();
    void reply.header('x-request-id', request.id);
    // Where Anthropic's SDK looks for it.
    if (dialectOf(request) === 'anthropic') void reply.header('request-id', request.id);
    try {
      await this.door.question(request, reply);
      if (!this.reception.admit(request, reply)) return false;
      if (this.#waiting.has(reply.raw)) reply.raw.writeContinue();
      return true;
    } catch (error) {
      if (!isDeclared(error)) throw error;
      this.refusals.refuse(request, reply, error);
      return false;
    }
  }
}
