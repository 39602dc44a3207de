import { Injectable } from '@nestjs/common';
import { PaymentsRepository } from './payments.repository.ts';
import type { StripeWord } from './stripe-word.ts';
import { Suspensions } from './suspensions.ts';
import type { Taken } from './till.ts';

/** Payments that a bank took back. A team that owes because of it is stopped until somebody has looked at it. */
@Injectable()
export class Disputes {
  constructor(
    private readonly payments: PaymentsRepository,
    private readonly suspensions: Suspensions,
  ) {}

  /** Once for each dispute, after its bookings. */
  async note({ about }: StripeWord, taken: readonly Taken[]): Promise<void> {
    const withdrawn = taken.find(({ booking }) => booking.kind === 'chargeback')?.booking;
    if (about?.type !== 'dispute' || !withdrawn) return;
    const isOpen = taken.every(({ booking }) => booking.kind !== 'chargeback_won');
    await this.payments.noteDispute({ id: about.id, teamId: withdrawn.teamId, isOpen });
    await this.suspensions.settle();
  }
}
