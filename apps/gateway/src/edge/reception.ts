import type { IncomingMessage } from 'node:http';
import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { PresentedKey } from '../authentication/presented-key.ts';
import { endpointAt, SURRENDER_PATH } from '../paths/endpoints.ts';
import { BodyReader } from './body-reader.ts';
import { readAs } from './content-type.ts';
import { FrontGate } from './front-gate.ts';
import { RequestEnds } from './request-ends.ts';
import { RequestSlots } from './request-slots.ts';

type Keyed = Pick<FastifyRequest, 'routeOptions'> & { apiKey: PresentedKey | undefined };

/** Takes requests in that no stranger sent: what remains to be said of their heads, then their bodies, until their end. */
@Injectable()
export class Reception {
  constructor(
    private readonly gate: FrontGate,
    private readonly bodies: BodyReader,
    private readonly slots: RequestSlots,
    private readonly ends: RequestEnds,
  ) {}

  /**
   * @returns true when a handler is to answer, false when the request has been answered here
   * @throws RefusalError or ServiceError for what the head says against the request or its body
   */
  admit(request: FastifyRequest, reply: FastifyReply): boolean {
    const isForHandler = this.gate.admit(request, reply);
    if (isForHandler) this.#expectBody(request);
    const freeSlot = this.#takeSlot(request);
    const lease = this.bodies.lease(request.apiKey);
    request.bodyLease = lease;
    this.ends.watch(request, reply, () => {
      freeSlot?.();
      lease.release();
    });
    return isForHandler;
  }

  /** A key that others wear out can still be ended. */
  #takeSlot({ apiKey, routeOptions }: Keyed): (() => void) | undefined {
    if (!apiKey || routeOptions.url === SURRENDER_PATH) return undefined;
    return this.slots.take(apiKey);
  }

  /** @throws ServiceError as reading a body does */
  read(request: FastifyRequest, payload: IncomingMessage): Promise<Buffer[]> {
    const { headers, bodyLease: lease, url } = request;
    return this.bodies.read({ payload, headers, lease, endpoint: endpointAt(url) });
  }

  #expectBody(request: FastifyRequest): void {
    const { headers, method, url } = request;
    const endpoint = endpointAt(url);
    const declared = headers['content-type'] ?? '';
    // Fastify would refuse a type that it cannot read before our own reader has its say, so that it is shown none.
    delete request.raw.headers['content-type'];
    if (method === 'POST') request.bodyType = readAs(endpoint?.media ?? 'json', declared);
    this.bodies.requireTakeable(headers, endpoint);
  }
}
