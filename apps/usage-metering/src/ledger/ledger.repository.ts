import { Injectable } from '@nestjs/common';
import { ServiceError, type Balance, type ListedMoney, type Statement, type TeamId } from '@orgn/contracts';
import { DataSource } from 'typeorm';
import { BALANCE, BOOK, BURN, DAYS, IS_BOOKED, LIST_MONEY, MONEY, MONTH } from './ledger.sql.ts';

/** Money that comes or goes. */
export interface Booking {
  teamId: TeamId;
  kind: 'credit' | 'top_up' | 'refund' | 'chargeback' | 'chargeback_won';
  amountNanoUsd: bigint;
  reason: string;
  actor: string;
  /** Books once. */
  idempotencyKey: string;
  /** Of the payment elsewhere. */
  reference?: string;
}

type Sums = Omit<Balance, 'teamId' | 'billing'>;

/** The entries of teams, and what they come to. Functions of the database write them. */
@Injectable()
export class LedgerRepository {
  constructor(private readonly database: DataSource) {}

  async balance(teamId: TeamId): Promise<Sums> {
    const [row] = await this.database.query<[{ accounts: Partial<Record<string, string>>; held: string }]>(BALANCE, [
      teamId,
    ]);
    const of = (account: string) => BigInt(row.accounts[account] ?? 0);
    const held = BigInt(row.held);
    return {
      fundsNanoUsd: String(of('funds')),
      heldNanoUsd: String(held),
      availableNanoUsd: String(of('funds') - held),
      owedNanoUsd: String(-of('receivable')),
      usedNanoUsd: String(of('revenue')),
      waivedNanoUsd: String(-of('waived')),
    };
  }

  /**
   * @returns whether it was booked now, and not before
   * @throws ServiceError `insufficient_balance` for a refund of more than is free; `idempotency_mismatch` for a key that booked
   *   something else; `invalid_request` for nothing, or more than can be counted
   */
  async book({ teamId, kind, amountNanoUsd, reason, actor, idempotencyKey, reference }: Booking): Promise<boolean> {
    const values = [teamId, kind, String(amountNanoUsd), reason, actor, idempotencyKey, reference ?? null];
    try {
      const [row] = await this.database.query<[{ isNew: boolean }]>(BOOK, values);
      return row.isNew;
    } catch (error) {
      throw refusalOf(error) ?? error;
    }
  }

  /** Whether anything was booked under a key. */
  async isBooked(teamId: TeamId, idempotencyKey: string): Promise<boolean> {
    const [row] = await this.database.query<[{ isBooked: boolean }]>(IS_BOOKED, [teamId, idempotencyKey]);
    return row.isBooked;
  }

  /** Transfers that are no usage, newest first. @param cursor the last id of the page before */
  async money(teamId: TeamId, cursor: string | null, limit: number): Promise<ListedMoney[]> {
    const values = [teamId, cursor, limit];
    const rows = await this.database.query<(Omit<ListedMoney, 'at'> & { at: Date })[]>(LIST_MONEY, values);
    return rows.map((row) => ({ ...row, at: row.at.toISOString() }));
  }

  /** What usage of the last 24 hours and 7 days came to, by sums of whole hours. */
  async burn(teamId: TeamId): Promise<Record<'dayNanoUsd' | 'weekNanoUsd', string>> {
    const [row] = await this.database.query<[Record<'dayNanoUsd' | 'weekNanoUsd', string>]>(BURN, [teamId]);
    return row;
  }

  /** @param from first moment of a month, @param until of the next */
  async statement(teamId: TeamId, from: Date, until: Date): Promise<Omit<Statement, 'teamId' | 'month'>> {
    return this.database.transaction('REPEATABLE READ', async (manager) => {
      const span = [teamId, from, until];
      const [month] = await manager.query<[Record<'opening' | 'closing' | 'used' | 'waived', string>]>(MONTH, span);
      const days = await manager.query<Statement['days']>(DAYS, span);
      const money = await manager.query<(Omit<Statement['money'][number], 'at'> & { at: Date })[]>(MONEY, span);
      return {
        ...{ openingNanoUsd: month.opening, closingNanoUsd: month.closing },
        ...{ usedNanoUsd: month.used, waivedNanoUsd: month.waived, days },
        money: money.map((entry) => ({ ...entry, at: entry.at.toISOString() })),
      };
    });
  }

  /** Settles what a team owes out of funds that are free. @returns nano-USD */
  async recover(teamId: TeamId): Promise<bigint> {
    const [row] = await this.database.query<[{ amount: string }]>('SELECT recover_owed($1) AS amount', [teamId]);
    return BigInt(row.amount);
  }
}

/** What the database refuses, by its code: `OL…` are of the ledger's functions. */
function refusalOf(error: unknown): ServiceError | undefined {
  const code = (error as { code?: unknown }).code;
  if (code === 'OL001')
    return new ServiceError('idempotency_mismatch', 'Something else was booked under this idempotency key.', {
      param: 'idempotencyKey',
    });
  if (code === 'OL002')
    return new ServiceError(
      'insufficient_balance',
      'The team has less than that: what is held for requests that run is not free.',
    );
  if (code === '22003' || code === '22023' || code === '23514')
    return new ServiceError('invalid_request', 'The amount cannot be booked.', { param: 'amount' });
  return undefined;
}
