import { Injectable } from '@nestjs/common';
import {
  usageEventId,
  usageRecordedByGateway,
  usageRecordedByRouter,
  type formerUsageRecorded,
  type UsageWitness,
} from '@orgn/contracts';
import type { Delivered, Settlement, Unsettleable } from '@orgn/service-kit';
import { Quarantine } from '../quarantine/quarantine.ts';
import { isPoison } from './poison.ts';
import { SettledNews } from './settled-news.ts';
import { SettlingService } from './settling.service.ts';

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
    private readonly settling: SettlingService,
    private readonly putAside: Quarantine,
    private readonly news: SettledNews,
  ) {}

  /** A commit for each kind of witness; both may be repeated. */
  async settle(words: Delivered<Words>[]): Promise<void> {
    for (const witness of ['router', 'gateway'] as const) {
      const said = words.filter(({ subject }) => subject === subjectOf[witness]);
      if (said.length === 0) continue;
      await this.settling.settle(
        witness,
        said.map(({ event }) => event),
      );
    }
  }

  /** Its publisher may forget it like any other: it would only come back. */
  async quarantine({ event, subject, reason }: Unsettleable<Words>): Promise<void> {
    const witness = subject === subjectOf.router ? 'router' : 'gateway';
    await this.putAside.add([{ reason, witness, subject, word: event ?? null }]);
    if (event) this.news.announce([usageEventId(event.data, witness)], []);
  }

  /** The same for what the stream of releases before still holds. */
  get former(): Settlement<typeof formerUsageRecorded> {
    return {
      settle: (words) => this.settling.settleFormer(words.map(({ event }) => event)),
      isPoison,
      quarantine: ({ event, subject, reason }) =>
        this.putAside.add([{ reason, witness: null, subject, word: event ?? null }]),
    };
  }
}
