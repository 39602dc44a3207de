import { Injectable } from '@nestjs/common';
import { AlertWatch } from '../alerts/alert-watch.ts';
import { LedgerRepository, type Booking } from '../ledger/ledger.repository.ts';
import type { PaymentSource } from './payment-source.ts';

/** A booking, and whether it was booked now and not before. */
export interface Taken {
  booking: Booking;
  isNew: boolean;
}

/** Where money is taken and given: whoever says so, it is booked here. */
@Injectable()
export class Till {
  constructor(
    private readonly ledger: LedgerRepository,
    private readonly alerts: AlertWatch,
  ) {}

  /** @throws ServiceError as the source, and as `LedgerRepository.book`; what was booked before stays booked */
  async take<W>(source: PaymentSource<W>, word: W): Promise<Taken[]> {
    const taken: Taken[] = [];
    for (const booking of await source.bookingsOf(word)) {
      taken.push({ booking, isNew: await this.ledger.book(booking) });
      this.alerts.touch([booking.teamId]);
    }
    return taken;
  }
}
