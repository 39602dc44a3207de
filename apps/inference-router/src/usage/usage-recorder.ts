import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import {
  ServiceError,
  toUsageEvent,
  usageRecordedByRouter,
  type RoutingClaims,
  type UsageOutcome,
} from '@orgn/contracts';
import { costNanoUsd } from '@orgn/pricing';
import { sealWithheld, UsagePublishers, type EventPublisher } from '@orgn/service-kit';
import type { Admitted } from '../admission/admission.gate.ts';
import { RouterConfig } from '../config.ts';
import type { CataloguedModel } from '../catalogue/catalogue.service.ts';
import type { UsageCount } from './usage-count.ts';

/** Whose request it is and what it runs. */
export interface UsageSubject {
  /** What the registry said of it: the words on it are as good as that. */
  admitted: Admitted;
  /** The receipt of what is held for it. */
  hold: string | undefined;
  model: CataloguedModel;
  streamed: boolean;
  /** Since this router accepted it. */
  durationMs: number;
  claims: RoutingClaims | undefined;
  /** Whether its receipt is due. */
  receiptDue: boolean;
}

/** How long a stop waits until the last words are stored, in milliseconds. */
const FLUSH_MS = 3_000;

/** Says what a request used, and keeps saying it until metering has committed it. */
@Injectable()
export class UsageRecorder implements OnApplicationShutdown {
  readonly #publisher: EventPublisher<typeof usageRecordedByRouter>;

  constructor(
    publishers: UsagePublishers,
    private readonly config: RouterConfig,
  ) {
    this.#publisher = publishers.open(usageRecordedByRouter);
  }

  /**
   * Whether a word could be stored, by the last one's fate. While it could not, an answer would be withheld, and a provider
   * paid for nothing: words that wait are tried again within seconds, so the end of it is noticed without any request.
   * @throws ServiceError `service_unavailable`
   */
  requireStorable(): void {
    if (!this.#publisher.isRefused) return;
    throw new ServiceError('service_unavailable', 'Usage cannot be recorded right now; try again shortly.');
  }

  /** What a request costs, in nano-USD, by the catalogue's price. */
  costOf(subject: UsageSubject, count: UsageCount): number {
    return costNanoUsd(count, subject.model.price);
  }

  /**
   * Resolves once the stream has stored the event.
   * @throws ServiceError `service_unavailable` when it could not; the caller must then not get the rest of the answer,
   *   and a `withheld` word, which makes the request free, replaces this one
   */
  async record(subject: UsageSubject, outcome: UsageOutcome, count: UsageCount): Promise<void> {
    const event = this.#toEvent(subject, outcome, count);
    try {
      await this.#publisher.publish(event.id, event);
    } catch (error) {
      this.#publisher.withdraw(event.id);
      this.recordEventually(subject, 'withheld', { ...count });
      throw error;
    }
  }

  /** What proves that the answer was withheld, for a gateway to say so too. */
  sealOf({ admitted }: UsageSubject): string {
    return sealWithheld(this.config.ADMISSION_KEYS, admitted.admission.requestId);
  }

  /** For words that no answer waits for: kept until the stream has them. */
  recordEventually(subject: UsageSubject, outcome: UsageOutcome, count: UsageCount): void {
    const event = this.#toEvent(subject, outcome, count);
    this.#publisher.publishEventually(event.id, event);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.#publisher.flush(FLUSH_MS);
    this.#publisher.close();
  }

  #toEvent(subject: UsageSubject, outcome: UsageOutcome, count: UsageCount) {
    const { admitted, hold, model, claims, receiptDue, streamed, durationMs } = subject;
    const { requestId, teamId, keyId, admittedAtMs } = admitted.admission;
    return toUsageEvent(
      {
        ...{ requestId, teamId, keyId, streamed, durationMs },
        model: model.id,
        provider: model.provider,
        execution: model.execution,
        outcome,
        ...count,
        ...(claims && { claims }),
        ...(receiptDue && { receiptDue }),
        costNanoUsd: outcome === 'withheld' ? 0 : this.costOf(subject, count),
        priceVersion: model.catalogueVersion,
        startedAt: new Date(admittedAtMs).toISOString(),
      },
      { witness: 'router', instance: this.config.INSTANCE, ticket: admitted.stub, price: model.price, hold },
    );
  }
}
