import { Injectable } from '@nestjs/common';
import { usageRecordedByGateway, usageRecordedByRouter, type UsageEvent, type UsageWitness } from '@orgn/contracts';
import { Proofs } from '../proofs/proofs.ts';
import { Quarantine, type SetAside } from '../quarantine/quarantine.ts';
import { PriceBook } from '../prices/price-book.ts';
import { WaitingWords } from '../waiting/waiting-words.ts';
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
    private readonly proofs: Proofs,
    private readonly quarantine: Quarantine,
    private readonly prices: PriceBook,
    private readonly waiting: WaitingWords,
  ) {}

  /** Resolves once what no ticket proves is in quarantine, and what has no known price waits. */
  async sift(witness: UsageWitness, events: readonly UsageEvent[]): Promise<UsageWord[]> {
    const proven: { word: UsageWord; event: UsageEvent }[] = [];
    const bad: SetAside[] = [];
    for (const event of events) {
      const word = proveWord(this.proofs, witness, event);
      if (typeof word === 'string') bad.push({ reason: word, witness, subject: subjects[witness], word: event });
      else proven.push({ word, event });
    }
    await this.quarantine.add(bad);
    const priced = await this.prices.price(proven.map(({ word }) => word));
    const unpriced = proven.filter((_, index) => priced[index] === 'unknown');
    const noRoom = await this.waiting.add(
      witness,
      unpriced.map(({ event }) => event),
    );
    const subject = subjects[witness];
    await this.quarantine.add(noRoom.map((word) => ({ reason: 'too_many_wait_for_prices', witness, subject, word })));
    return priced.flatMap((one) => (one === 'unknown' ? [] : [one.word]));
  }

  /** Of words that wait, those whose price is known now, each at its place. */
  async priced(witness: UsageWitness, events: readonly UsageEvent[]): Promise<(UsageWord | undefined)[]> {
    const words = events.map((event) => proveWord(this.proofs, witness, event));
    const good = words.filter((word) => typeof word !== 'string');
    const priced = await this.prices.price(good);
    const byRequest = new Map(good.map((word, index) => [word, priced[index]]));
    return words.map((word) => {
      const one = typeof word === 'string' ? undefined : byRequest.get(word);
      return one === undefined || one === 'unknown' ? undefined : one.word;
    });
  }
}
