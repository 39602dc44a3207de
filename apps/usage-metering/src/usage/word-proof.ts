import { Injectable } from '@nestjs/common';
import { usageRecordedByGateway, usageRecordedByRouter, type UsageEvent, type UsageWitness } from '@orgn/contracts';
import { UsageMeteringConfig } from '../config.ts';
import { Quarantine, type SetAside } from '../quarantine/quarantine.ts';
import { proveWord } from './prove-word.ts';
import type { UsageWord } from './usage-word.ts';

const subjects: Record<UsageWitness, string> = {
  router: usageRecordedByRouter.subject,
  gateway: usageRecordedByGateway.subject,
};

/** Lets through what tickets prove, and sets the rest aside. */
@Injectable()
export class WordProof {
  constructor(
    private readonly config: UsageMeteringConfig,
    private readonly quarantine: Quarantine,
  ) {}

  /** Resolves once what is not let through is in quarantine. */
  async sift(witness: UsageWitness, events: readonly UsageEvent[]): Promise<UsageWord[]> {
    const good: UsageWord[] = [];
    const bad: SetAside[] = [];
    for (const event of events) {
      const word = proveWord(this.config.ADMISSION_KEYS, witness, event);
      if (typeof word === 'string') bad.push({ reason: word, witness, subject: subjects[witness], word: event });
      else good.push(word);
    }
    await this.quarantine.add(bad);
    return good;
  }
}
