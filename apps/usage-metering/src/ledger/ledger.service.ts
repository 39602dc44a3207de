import { Injectable } from '@nestjs/common';
import type { bookMoney, Balance, ReplyOf, RequestOf, Statement, TeamId, tellStatement } from '@orgn/contracts';
import { toNanoUsd } from '@orgn/pricing';
import { UsageMeteringConfig } from '../config.ts';
import { LedgerRepository } from './ledger.repository.ts';

/** What teams have, paid and owe. */
@Injectable()
export class LedgerService {
  constructor(
    private readonly ledger: LedgerRepository,
    private readonly config: UsageMeteringConfig,
  ) {}

  async balance({ teamId }: { teamId: TeamId }): Promise<Balance> {
    return { teamId, billing: this.config.BILLING, ...(await this.ledger.balance(teamId)) };
  }

  /** @throws ServiceError as LedgerRepository.book does */
  async book({ amount, ...booking }: RequestOf<typeof bookMoney>): Promise<ReplyOf<typeof bookMoney>> {
    // Operators' keys are told from those of payments.
    const idempotencyKey = `operator/${booking.idempotencyKey}`;
    const isNew = await this.ledger.book({ ...booking, amountNanoUsd: toNanoUsd(amount), idempotencyKey });
    return { isNew, balance: await this.balance(booking) };
  }

  async statement({ teamId, month }: RequestOf<typeof tellStatement>): Promise<Statement> {
    const from = new Date(`${month}-01T00:00:00Z`);
    const until = new Date(Date.UTC(from.getUTCFullYear(), from.getUTCMonth() + 1));
    return { teamId, month, ...(await this.ledger.statement(teamId, from, until)) };
  }
}
