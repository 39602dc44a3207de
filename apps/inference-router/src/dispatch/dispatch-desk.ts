import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import type { TakenRequest } from '@orgn/channel';
import { errorTable, ServiceError } from '@orgn/contracts';
import { DISPATCH_ERROR_TYPE, narrowed, readTeeDemands, type DispatchError, type TeeDemands } from '@orgn/dialects';
import { ServiceLog } from '@orgn/service-kit';
import type { Admitted } from '../admission/admission.gate.ts';
import { ChannelDoor } from '../channel/channel-door.ts';
import { endpointAt } from '../endpoints/all-endpoints.ts';
import type { Endpoint } from '../endpoints/endpoint.ts';
import { AnswerSink } from '../exchange/answer-sink.ts';
import { toPosted } from '../exchange/dispatch-order.ts';
import type { MemoryLease } from '../exchange/held-memory.ts';
import { DispatchChecks } from './dispatch-checks.ts';
import { DispatchService } from './dispatch.service.ts';

/** Takes what gateways ask, under the paths that callers use, and says what was refused. */
@Injectable()
export class DispatchDesk implements OnApplicationBootstrap {
  constructor(
    private readonly service: DispatchService,
    private readonly checks: DispatchChecks,
    private readonly door: ChannelDoor,
    private readonly log: ServiceLog,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.door.open((request) => void this.take(request));
  }

  async take(request: TakenRequest): Promise<void> {
    try {
      const endpoint = endpointAt(request.head.path);
      if (!endpoint) throw new ServiceError('not_found', 'This router has no such endpoint.');
      await this.#dispatch(endpoint, request, this.checks.bodies.leaseFor(request));
    } catch (error) {
      refuse(request, this.#toServiceError(error));
    }
  }

  async #dispatch(endpoint: Endpoint, request: TakenRequest, memory: MemoryLease): Promise<void> {
    const body = await request.body();
    if (!body) return;
    const { ticket, ...posted } = toPosted(request.head.headers, [body]);
    const admitted = this.checks.gate.admit(ticket, posted.requestId);
    const order = { ...posted, admitted, demands: narrowed(posted.demands, demandsOfTeam(admitted)) };
    const openSink = () => new AnswerSink(request, order.requestId);
    await this.service.dispatch(endpoint, order, { openSink, memory });
  }

  #toServiceError(error: unknown): ServiceError {
    if (error instanceof ServiceError) return error;
    this.log.error('dispatch failed', error);
    return new ServiceError('internal', 'Something went wrong on our side.');
  }
}

/** What the ticket says that the team demands of enclaves. What cannot be read must not be ignored. */
function demandsOfTeam({ admission: { teeDemands } }: Admitted): TeeDemands | undefined {
  if (teeDemands === null) return undefined;
  const demands = readTeeDemands(teeDemands);
  if (demands) return demands;
  throw new ServiceError('internal', 'What the team demands of enclaves is not understood by this release.');
}

/** A refusal in the form that gateways read. What this router alone cannot do now, another one may. */
function refuse(request: TakenRequest, error: ServiceError): void {
  const refusal: DispatchError = {
    ...error.toWire(),
    ...(error.code === 'service_unavailable' && { isNotTaken: true }),
  };
  request.begin(errorTable[error.code].status, { 'content-type': DISPATCH_ERROR_TYPE });
  request.end(Buffer.from(JSON.stringify(refusal)));
}
