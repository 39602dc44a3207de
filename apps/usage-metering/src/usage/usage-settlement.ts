import { Injectable } from '@nestjs/common';
import {
  usageEventId,
  usageSettled,
  usageRecordedByGateway,
  usageRecordedByRouter,
  type formerUsageRecorded,
  type UsageWitness,
} from '@orgn/contracts';
import { Bus, type Delivered, type Settlement, type Unsettleable } from '@orgn/service-kit';
import { isPoison } from './poison.ts';
import { SettlementMetrics } from './settlement-metrics.ts';
import { UsageService } from './usage.service.ts';

/** What witnesses may say, each on a subject of its own. */
export const witnessed = [usageRecordedByRouter, usageRecordedByGateway];
export type Words = (typeof witnessed)[number];

const subjectOf: Record<UsageWitness, string> = {
  router: usageRecordedByRouter.subject,
  gateway: usageRecordedByGateway.subject,
};

/** Settles what witnesses said: the subject proves which kind of process spoke. */
@Injectable()
export class UsageSettlement implements Settlement<Words> {
  readonly isPoison = isPoison;

  constructor(
    private readonly usage: UsageService,
    private readonly metrics: SettlementMetrics,
    private readonly bus: Bus,
  ) {}

  /** A commit for each kind of witness; both may be repeated. */
  async settle(words: Delivered<Words>[]): Promise<void> {
    for (const witness of ['router', 'gateway'] as const) {
      const said = words.filter(({ subject }) => subject === subjectOf[witness]);
      if (said.length === 0) continue;
      await this.usage.settle(
        witness,
        said.map(({ event }) => event),
      );
    }
  }

  /** Its publisher may forget it like any other: it would only come back. */
  async quarantine({ event, subject, reason }: Unsettleable<Words>): Promise<void> {
    this.metrics.quarantined(reason);
    const witness = subject === subjectOf.router ? 'router' : 'gateway';
    if (event) this.bus.broadcast(usageSettled, { eventIds: [usageEventId(event.data, witness)] });
  }

  /** The same for what the stream of releases before still holds. */
  get former(): Settlement<typeof formerUsageRecorded> {
    return {
      settle: (words) => this.usage.settleFormer(words.map(({ event }) => event)),
      isPoison,
      quarantine: async ({ reason }) => this.metrics.quarantined(reason),
    };
  }
}
