import { Injectable } from '@nestjs/common';
import type { Payment, PaymentId, TakenMoney, TeamId, UserId } from '@orgn/contracts';
import { DataSource } from 'typeorm';
import * as sql from './payment.sql.ts';

/** A payment as it is kept. Times are dates here. */
export interface KeptPayment extends Omit<Payment, 'openedAt' | 'expiresAt'> {
  openedAt: Date;
  expiresAt: Date;
  sessionId: string | null;
  paymentIntent: string | null;
}

export interface NewPayment {
  id: PaymentId;
  teamId: TeamId;
  userId: UserId;
  amountNanoUsd: bigint;
}

/** Where a payment stands, as Stripe says it. */
export interface Standing {
  /** Null while it is not known. */
  sessionId: string | null;
  paymentIntent: string | null;
  state: Payment['state'];
}

/** Payments that people opened, and what was heard of them. */
@Injectable()
export class PaymentsRepository {
  constructor(private readonly database: DataSource) {}

  /** @returns false: as many are open as may be */
  begin({ id, teamId, userId, amountNanoUsd }: NewPayment, mostOpen: number): Promise<boolean> {
    return this.database.transaction(async (manager) => {
      await manager.query(sql.LOCK, [teamId]);
      const [{ open }] = await manager.query<[{ open: number }]>(sql.COUNT_OPEN, [teamId]);
      if (open >= mostOpen) return false;
      await manager.query(sql.BEGIN, [id, teamId, userId, String(amountNanoUsd)]);
      return true;
    });
  }

  async opened(id: PaymentId, page: { sessionId: string; url: string | null; expiresAt: Date }): Promise<KeptPayment> {
    return this.#changed(sql.OPENED, [id, page.sessionId, page.url, page.expiresAt]);
  }

  /** Notes where a payment stands; what has ended does not open again. */
  stand(id: PaymentId, { sessionId, paymentIntent, state }: Standing): Promise<KeptPayment> {
    return this.#changed(sql.STAND, [id, sessionId, paymentIntent, state]);
  }

  /** Its page could not be opened. */
  async giveUp(id: PaymentId): Promise<void> {
    await this.stand(id, { sessionId: null, paymentIntent: null, state: 'failed' });
  }

  find(id: PaymentId): Promise<KeptPayment | undefined> {
    return this.#first(sql.FIND, id);
  }

  bySession(sessionId: string): Promise<KeptPayment | undefined> {
    return this.#first(sql.BY_SESSION, sessionId);
  }

  byIntent(paymentIntent: string): Promise<KeptPayment | undefined> {
    return this.#first(sql.BY_INTENT, paymentIntent);
  }

  newest(teamId: TeamId, limit: number): Promise<KeptPayment[]> {
    return this.database.query<KeptPayment[]>(sql.NEWEST, [teamId, limit]);
  }

  /** What was booked when a webhook was heard; undefined: it was not yet. */
  async heardBefore(eventId: string): Promise<TakenMoney[] | undefined> {
    const [event] = await this.database.query<{ taken: TakenMoney[] }[]>(sql.HEARD_BEFORE, [eventId]);
    return event?.taken.map((money) => ({ ...money, isNew: false }));
  }

  async heard(
    { eventId, kind }: { eventId: string; kind: string },
    outcome: string,
    taken: readonly TakenMoney[],
  ): Promise<void> {
    await this.database.query(sql.HEARD, [eventId, kind, outcome, JSON.stringify(taken)]);
  }

  /** Notes a dispute once: whether the team owes because of it, so that it is to be suspended. */
  async noteDispute({ id, teamId, isOpen }: { id: string; teamId: TeamId; isOpen: boolean }): Promise<void> {
    await this.database.query(sql.NOTE_DISPUTE, [id, teamId, isOpen]);
  }

  /** Disputes whose teams are to be suspended. */
  dueSuspensions(): Promise<{ id: string; teamId: TeamId }[]> {
    return this.database.query<{ id: string; teamId: TeamId }[]>(sql.DUE);
  }

  async suspended(disputeId: string): Promise<void> {
    await this.database.query(sql.SUSPENDED, [disputeId]);
  }

  async #changed(statement: string, values: unknown[]): Promise<KeptPayment> {
    const [rows] = await this.database.query<[KeptPayment[], number]>(statement, values);
    const [row] = rows;
    if (!row) throw new Error('the payment is gone');
    return row;
  }

  async #first(statement: string, value: string): Promise<KeptPayment | undefined> {
    const [row] = await this.database.query<KeptPayment[]>(statement, [value]);
    return row;
  }
}
