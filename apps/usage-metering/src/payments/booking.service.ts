import { Injectable } from '@nestjs/common';
import type { bookMoney, ReplyOf, RequestOf } from '@orgn/contracts';
import { LedgerService } from '../ledger/ledger.service.ts';
import { OperatorsCredit } from './operators-credit.ts';
import { Till } from './till.ts';

/** What operators give teams, and take back. */
@Injectable()
export class BookingService {
  constructor(
    private readonly till: Till,
    private readonly operators: OperatorsCredit,
    private readonly ledger: LedgerService,
  ) {}

  /** @throws ServiceError as LedgerRepository.book does */
  async book(booking: RequestOf<typeof bookMoney>): Promise<ReplyOf<typeof bookMoney>> {
    const [taken] = await this.till.take(this.operators, booking);
    return { isNew: taken?.isNew ?? false, balance: await this.ledger.balance(booking) };
  }
}
