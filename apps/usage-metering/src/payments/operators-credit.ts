import { Injectable } from '@nestjs/common';
import type { bookMoney, RequestOf } from '@orgn/contracts';
import { toNanoUsd } from '@orgn/pricing';
import type { Booking } from '../ledger/ledger.repository.ts';
import { PaymentSource } from './payment-source.ts';

/** What an operator gives a team or takes back from it: their word is all there is. */
@Injectable()
export class OperatorsCredit extends PaymentSource<RequestOf<typeof bookMoney>> {
  bookingsOf({ amount, ...booking }: RequestOf<typeof bookMoney>): Promise<readonly Booking[]> {
    // Operators' keys are told from those of payments.
    const idempotencyKey = `operator/${booking.idempotencyKey}`;
    return Promise.resolve([{ ...booking, amountNanoUsd: toNanoUsd(amount), idempotencyKey }]);
  }
}
