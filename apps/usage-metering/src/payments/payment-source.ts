import type { Booking } from '../ledger/ledger.repository.ts';

/**
 * A party whose word moves a team's money: the operator, or a service that people pay at. A word comes to bookings, each under a
 * key of its own, so hearing it again books nothing.
 */
export abstract class PaymentSource<W> {
  /** What a word comes to, in the order in which it is booked. @throws ServiceError for a word that is not believed */
  abstract bookingsOf(word: W): Promise<readonly Booking[]>;
}
