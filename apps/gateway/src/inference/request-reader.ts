import { Injectable } from '@nestjs/common';
import { DROPPED_HEADER } from '@orgn/dialects';
import { Counter, Registry } from 'prom-client';
import { GatewayConfig } from '../config.ts';
import type { EdgeCall } from '../edge/edge-call.ts';
import { CatalogueService } from '../models/catalogue.service.ts';
import type { ReadableEndpoint } from './inference-endpoint.ts';
import type { Reading } from './reading/reading.ts';
import { ReadingThreads } from './reading/reading-threads.ts';

/** Reads requests as this deployment and the caller want it, and says what was not used of them. */
@Injectable()
export class RequestReader {
  readonly #dropped: Counter;

  constructor(
    private readonly config: GatewayConfig,
    private readonly catalogue: CatalogueService,
    private readonly threads: ReadingThreads,
    metrics: Registry,
  ) {
    this.#dropped = new Counter({
      name: 'orgn_edge_dropped_total',
      help: 'Members of requests that were dropped, by name where it is one of ours.',
      labelNames: ['name'],
      registers: [metrics],
    });
  }

  /**
   * Takes the body of a call: what goes on of it is in what is answered, and nowhere else.
   * @throws ServiceError naming the field at fault; `service_unavailable` when too many large requests are under way
   */
  async read({ path }: ReadableEndpoint, edge: EdgeCall): Promise<Reading> {
    const { body, contentType, idempotencyKey } = edge;
    const isStrict = edge.isStrict || this.config.UNKNOWN_FIELDS === 'refuse';
    const task = { path, contentType, isStrict, isNamed: idempotencyKey !== undefined };
    return this.#told(edge, await this.threads.read(body, task, this.catalogue.traits));
  }

  #told(edge: EdgeCall, reading: Reading): Reading {
    const { dropped, known, unknown, received } = reading;
    edge.received = received;
    if (dropped !== undefined) void edge.reply.header(DROPPED_HEADER, dropped);
    for (const [name, count] of known) this.#dropped.inc({ name }, count);
    if (unknown > 0) this.#dropped.inc({ name: 'unknown' }, unknown);
    return reading;
  }
}
