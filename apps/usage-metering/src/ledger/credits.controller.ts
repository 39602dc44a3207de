import { Controller } from '@nestjs/common';
import { ServiceError, tellCredits, type RequestOf } from '@orgn/contracts';
import { Answers, readStub } from '@orgn/service-kit';
import { UsageMeteringConfig } from '../config.ts';
import { LedgerService } from './ledger.service.ts';

/** Balances for whoever holds a key. */
@Controller()
export class CreditsController {
  constructor(
    private readonly ledger: LedgerService,
    private readonly config: UsageMeteringConfig,
  ) {}

  /** @throws ServiceError `admission_refused` without a ticket of the registry: whose balance it is, only that says */
  @Answers(tellCredits)
  tell({ ticket }: RequestOf<typeof tellCredits>) {
    const admission = readStub(this.config.ADMISSION_KEYS, ticket);
    if (typeof admission === 'string')
      throw new ServiceError('admission_refused', 'The request was not admitted; send it again.');
    return this.ledger.balance(admission);
  }
}
