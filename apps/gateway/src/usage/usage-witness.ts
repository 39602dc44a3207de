import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { toTicketStub, toUsageEvent, usageRecordedByGateway, type Model, type UsageOutcome } from '@orgn/contracts';
import { costNanoUsd } from '@orgn/pricing';
import { BaseConfigToken, UsagePublishers, type BaseConfig, type EventPublisher } from '@orgn/service-kit';
import type { Caller } from '../authentication/callers.service.ts';
import type { EdgeCall } from '../edge/edge-call.ts';
import { CatalogueService } from '../models/catalogue.service.ts';

/** What the witness needs to know of a request: whose it is, which model ran, and how long it was. */
export interface WitnessedCall {
  edge: Pick<EdgeCall, 'requestId'>;
  /** What went on of the caller's bytes. */
  body: Buffer;
  caller: Pick<Caller, 'teamId' | 'keyId' | 'ticket'>;
  /** The model that was asked for, then its fallbacks. */
  models: readonly [Model, ...Model[]];
  isStream: boolean;
  /** The receipt of what is held for it. */
  hold: string | undefined;
}

/** What this gateway saw of a request that did not end cleanly. */
export interface Sighting {
  /** Milliseconds of the monotonic clock. */
  startedAt: number;
  /** Stream events that were passed on. */
  events: number;
  outcome: Exclude<UsageOutcome, 'completed'>;
  /** The router's proof that it withheld the answer. */
  seal?: string | undefined;
  /** The answer named its receipt. */
  receiptDue?: boolean;
}

/** Bytes of English text per token, roughly. */
const BYTES_PER_TOKEN = 4;

/** How long a stop waits until the last words are stored, in milliseconds. */
const FLUSH_MS = 3_000;

/**
 * The second witness: when a router is lost on the way, what was relayed is recorded by the gateway. The router's own
 * word on the same request, if it ever comes, outranks this one; but that an answer was withheld is true whoever says it.
 */
@Injectable()
export class UsageWitness implements OnApplicationShutdown {
  readonly #publisher: EventPublisher<typeof usageRecordedByGateway>;

  constructor(
    publishers: UsagePublishers,
    private readonly catalogue: CatalogueService,
    @Inject(BaseConfigToken) private readonly config: BaseConfig,
  ) {
    this.#publisher = publishers.open(usageRecordedByGateway);
  }

  record(call: WitnessedCall, { startedAt, events, outcome, seal, receiptDue }: Sighting): void {
    const { edge, body, caller, models, isStream, hold } = call;
    const [model] = models;
    const promptTokens = events > 0 ? Math.ceil(body.length / BYTES_PER_TOKEN) : 0;
    const tokens = { promptTokens, completionTokens: events };
    const durationMs = Math.round(performance.now() - startedAt);
    const ticket = caller.ticket === null ? null : toTicketStub(caller.ticket);
    const event = toUsageEvent(
      {
        requestId: edge.requestId,
        teamId: caller.teamId,
        keyId: caller.keyId,
        model: model.id,
        provider: model.provider,
        execution: model.execution,
        outcome,
        countedBy: 'gateway',
        streamed: isStream,
        ...tokens,
        costNanoUsd: costNanoUsd(tokens, model.price),
        priceVersion: this.catalogue.versionOf(model.id),
        // For readers of the event: what counts is when the ticket says that the request was admitted.
        startedAt: new Date(Date.now() - durationMs).toISOString(),
        durationMs,
        ...(receiptDue && { receiptDue }),
      },
      { witness: 'gateway', instance: this.config.INSTANCE, ticket, seal, hold, price: model.price },
    );
    this.#publisher.publishEventually(event.id, event);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.#publisher.flush(FLUSH_MS);
    this.#publisher.close();
  }
}
