import { Injectable } from '@nestjs/common';
import { ServiceError } from '@orgn/contracts';
import { ServiceLog } from '@orgn/service-kit';
import { Disputes } from './disputes.ts';
import { StripePayments } from './stripe-payments.ts';
import type { StripeWord } from './stripe-word.ts';
import { Till, type Taken } from './till.ts';

/** Books what a webhook comes to, and sees to what follows from it. */
@Injectable()
export class Intake {
  constructor(
    private readonly source: StripePayments,
    private readonly till: Till,
    private readonly disputes: Disputes,
    private readonly log: ServiceLog,
  ) {}

  /** @throws ServiceError where the truth cannot be read or booked at the moment */
  async take(word: StripeWord): Promise<Taken[]> {
    const taken = await this.#book(word);
    await this.disputes.note(word, taken);
    return taken;
  }

  async #book(word: StripeWord): Promise<Taken[]> {
    try {
      return await this.till.take(this.source, word);
    } catch (error) {
      if (!(error instanceof ServiceError) || error.code !== 'idempotency_mismatch') throw error;
      // A matter that was booked has another amount now. Nobody but an operator can say what is right.
      this.log.error('payment differs from what was booked', undefined, { event: word.eventId, kind: word.kind });
      return [];
    }
  }
}
