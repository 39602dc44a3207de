import { Injectable } from '@nestjs/common';
import {
  paymentId,
  ServiceError,
  type cancelPayment,
  type openPayment,
  type Payment,
  type ReplyOf,
  type RequestOf,
  type tellPayments,
  type TopUpTerms,
} from '@orgn/contracts';
import { toNanoUsd } from '@orgn/pricing';
import { UsageMeteringConfig } from '../config.ts';
import { PaymentsRepository, type KeptPayment } from './payments.repository.ts';
import { StripeClient } from './stripe.client.ts';

/** Payments of a team that may be open at once. */
const MOST_OPEN = 5;
const NANO_USD_PER_CENT = 10_000_000n;

/** What people do with payments. */
@Injectable()
export class PaymentsService {
  constructor(
    private readonly payments: PaymentsRepository,
    private readonly stripe: StripeClient,
    private readonly config: UsageMeteringConfig,
  ) {}

  /**
   * Opens a page to pay at.
   * @throws ServiceError `invalid_request` for an amount out of bounds, `request_conflict` while too many are open, `not_found`
   *   where no payments are taken
   */
  async open({ teamId, userId, amount, returnUrl }: RequestOf<typeof openPayment>): Promise<Payment> {
    const amountNanoUsd = this.#requireAmount(amount);
    const id = paymentId.parse(crypto.randomUUID());
    if (!(await this.payments.begin({ id, teamId, userId, amountNanoUsd }, MOST_OPEN))) throw tooMany();
    const order = { id, teamId, cents: Number(amountNanoUsd / NANO_USD_PER_CENT), returnUrl };
    const session = await this.stripe.open(order).catch(async (error: unknown) => {
      await this.payments.giveUp(id);
      throw error;
    });
    const page = { sessionId: session.id, url: session.url, expiresAt: new Date(session.expires_at * 1_000) };
    return toPayment(await this.payments.opened(id, page));
  }

  /** @throws ServiceError `not_found`, or `request_conflict` for one that is not open any more */
  async cancel({ teamId, paymentId: id }: RequestOf<typeof cancelPayment>): Promise<Payment> {
    const payment = await this.payments.find(id);
    if (payment?.teamId !== teamId) throw new ServiceError('not_found', 'The team has no such payment.');
    if (payment.state !== 'open') throw notOpen();
    if (payment.sessionId === null) return toPayment(await this.#expired(payment));
    const session = await this.stripe.expire(payment.sessionId).catch(() => undefined);
    // Somebody may just have paid: the page says what is true.
    const now = session ?? (await this.stripe.session(payment.sessionId));
    if (now?.status !== 'expired') throw notOpen();
    return toPayment(await this.#expired(payment));
  }

  async tell({ teamId, limit }: RequestOf<typeof tellPayments>): Promise<ReplyOf<typeof tellPayments>> {
    const payments = await this.payments.newest(teamId, limit);
    return { terms: this.#terms, payments: payments.map(toPayment) };
  }

  get #terms(): TopUpTerms {
    const { TOP_UP_MIN_USD: minUsd, TOP_UP_MAX_USD: maxUsd } = this.config;
    return this.stripe.isSet ? { minUsd, maxUsd } : null;
  }

  #requireAmount(amount: string): bigint {
    const { TOP_UP_MIN_USD: least, TOP_UP_MAX_USD: most } = this.config;
    const nanoUsd = toNanoUsd(amount);
    if (nanoUsd % NANO_USD_PER_CENT === 0n && nanoUsd >= toNanoUsd(least) && nanoUsd <= toNanoUsd(most)) return nanoUsd;
    const message = `Pay in from ${least} to ${most} USD, in whole cents.`;
    throw new ServiceError('invalid_request', message, { param: 'amount' });
  }

  #expired({ id, sessionId }: KeptPayment): Promise<KeptPayment> {
    return this.payments.stand(id, { sessionId, paymentIntent: null, state: 'expired' });
  }
}

function toPayment({ openedAt, expiresAt, ...kept }: KeptPayment): Payment {
  const { id, teamId, userId, amountNanoUsd, state, url } = kept;
  const times = { openedAt: openedAt.toISOString(), expiresAt: expiresAt.toISOString() };
  return { id, teamId, userId, amountNanoUsd, state, url, ...times };
}

function tooMany(): ServiceError {
  const message = `At most ${MOST_OPEN} payments of a team may be open at once: pay one of them, or give one up.`;
  return new ServiceError('request_conflict', message);
}

function notOpen(): ServiceError {
  return new ServiceError('request_conflict', 'This payment is not open any more.');
}
