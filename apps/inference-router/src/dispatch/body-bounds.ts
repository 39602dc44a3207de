import type { IncomingMessage } from 'node:http';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { ServiceError } from '@orgn/contracts';
import { DISPATCH_ERROR_TYPE } from '@orgn/dialects';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ChannelService } from '../channel/channel.service.ts';
import { HeldMemory, type MemoryLease } from '../exchange/held-memory.ts';

const shut = new ServiceError('service_unavailable', 'The channel to the router is not open.');
const full = new ServiceError('service_unavailable', 'Too many large requests are under way; try again shortly.');

/**
 * Takes the memory for a body before a byte of it is read, from gateways of this deployment only: they say its length. The
 * memory is held as long as the connection waits for the answer, and by whoever shares it.
 */
@Injectable()
export class BodyBounds implements OnModuleInit {
  readonly #leases = new WeakMap<IncomingMessage, MemoryLease>();

  constructor(
    private readonly host: HttpAdapterHost,
    private readonly memory: HeldMemory,
    private readonly channel: ChannelService,
  ) {}

  onModuleInit(): void {
    const fastify = this.host.httpAdapter.getInstance<FastifyInstance>();
    fastify.addHook('onRequest', (request, reply, done) => {
      const { authorization } = request.headers;
      const isOpen = authorization?.startsWith('Bearer ') && this.channel.isOpen(authorization.slice(7));
      if (!isOpen) return refuse(reply, 401, shut);
      if (!this.#reserve(request, reply)) return refuse(reply, 503, full);
      done();
    });
  }

  /** The memory that a request's body takes up; whoever keeps the body longer than its connection shares it. */
  leaseOf(request: FastifyRequest): MemoryLease {
    return this.#leases.get(request.raw) ?? this.memory.lease();
  }

  #reserve(request: FastifyRequest, reply: FastifyReply): boolean {
    const lease = this.memory.lease();
    if (!lease.grow(Number(request.headers['content-length'] ?? 0))) return false;
    this.#leases.set(request.raw, lease);
    reply.raw.once('close', () => lease.release());
    return true;
  }
}

function refuse(reply: FastifyReply, status: number, error: ServiceError): void {
  void reply.status(status).type(DISPATCH_ERROR_TYPE).send(JSON.stringify(error.toWire()));
}
