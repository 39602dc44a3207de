import { Injectable } from '@nestjs/common';
import type { TakenRequest } from '@orgn/channel';
import { ServiceError } from '@orgn/contracts';
import { RouterConfig } from '../config.ts';
import { HeldMemory, type MemoryLease } from '../exchange/held-memory.ts';

/** Takes the memory for a body before more of it comes than a greeting gives credit for: its length is known by its head. */
@Injectable()
export class BodyBounds {
  constructor(
    private readonly memory: HeldMemory,
    private readonly config: RouterConfig,
  ) {}

  /**
   * The memory that a request's body takes up. It is held until its answer has left; whoever keeps the body for longer
   * shares it.
   * @throws ServiceError `request_too_large`; `service_unavailable` when the memory is exhausted
   */
  leaseFor(request: TakenRequest): MemoryLease {
    const { bodyBytes } = request.head;
    if (bodyBytes > this.config.MAX_BODY_BYTES) {
      throw new ServiceError(
        'request_too_large',
        `The request body is larger than ${this.config.MAX_BODY_BYTES} bytes.`,
      );
    }
    const lease = this.memory.lease();
    if (!lease.grow(bodyBytes)) {
      throw new ServiceError('service_unavailable', 'Too many large requests are under way; try again shortly.');
    }
    request.onClose(() => lease.release());
    return lease;
  }
}
