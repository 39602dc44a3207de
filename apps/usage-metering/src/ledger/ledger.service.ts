import { Injectable } from '@nestjs/common';
import type {
  Balance,
  listMoney,
  ReplyOf,
  RequestOf,
  Statement,
  TeamId,
  tellBurn,
  tellStatement,
} from '@orgn/contracts';
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

  async money({ teamId, cursor, limit }: RequestOf<typeof listMoney>): Promise<ReplyOf<typeof listMoney>> {
    const rows = await this.ledger.money(teamId, cursor, limit + 1);
    const entries = rows.slice(0, limit);
    return { entries, next: rows.length > limit ? (entries.at(-1)?.id ?? null) : null };
  }

  burn({ teamId }: RequestOf<typeof tellBurn>): Promise<ReplyOf<typeof tellBurn>> {
    return this.ledger.burn(teamId);
  }

  async statement({ teamId, month }: RequestOf<typeof tellStatement>): Promise<Statement> {
    const from = new Date(`${month}-01T00:00:00Z`);
    const until = new Date(Date.UTC(from.getUTCFullYear(), from.getUTCMonth() + 1));
    return { teamId, month, ...(await this.ledger.statement(teamId, from, until)) };
  }
}
