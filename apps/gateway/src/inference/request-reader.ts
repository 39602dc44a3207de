import { Injectable } from '@nestjs/common';
import { DROPPED_HEADER, type ReadPolicy, type ReadRequest, type RequestForm } from '@orgn/dialects';
import { Counter, Registry } from 'prom-client';
import { GatewayConfig } from '../config.ts';
import type { EdgeCall } from '../edge/edge-call.ts';
import { CatalogueService } from '../models/catalogue.service.ts';
import type { AskedRequest, InferenceEndpoint } from './inference-endpoint.ts';

/** Reads requests as this deployment and the caller want it, and says what was not used of them. */
@Injectable()
export class RequestReader {
  readonly #dropped: Counter;

  constructor(
    private readonly config: GatewayConfig,
    private readonly catalogue: CatalogueService,
    metrics: Registry,
  ) {
    this.#dropped = new Counter({
      name: 'orgn_edge_dropped_total',
      help: 'Members of requests that were dropped, by name where it is one of ours.',
      labelNames: ['name'],
      registers: [metrics],
    });
  }

  /** @throws ServiceError naming the field at fault */
  read(endpoint: InferenceEndpoint, edge: EdgeCall): AskedRequest {
    return this.#told(edge, endpoint.read(edge.body, edge.contentType, this.#policyOf(edge)));
  }

  /** The same for a request that runs nothing. @throws ServiceError naming the field at fault */
  readForm<R>(form: RequestForm<R>, edge: EdgeCall): R {
    return this.#told(edge, form.read(edge.body, this.#policyOf(edge))).request;
  }

  #policyOf({ isStrict }: EdgeCall): ReadPolicy {
    return {
      isStrict: isStrict || this.config.UNKNOWN_FIELDS === 'refuse',
      cachesPrompts: (models) => models.every((id) => this.catalogue.find(id)?.promptCaching === true),
    };
  }

  #told<T extends Pick<ReadRequest<unknown>, 'dropped' | 'known' | 'unknown'>>(edge: EdgeCall, read: T): T {
    const names = read.dropped.toHeader();
    if (names !== undefined) void edge.reply.header(DROPPED_HEADER, names);
    for (const name of read.known) this.#dropped.inc({ name });
    if (read.unknown > 0) this.#dropped.inc({ name: 'unknown' }, read.unknown);
    return read;
  }
}
