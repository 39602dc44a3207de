import type { TeamId } from '@orgn/contracts';
import type { Booking } from '../ledger/ledger.repository.ts';

/** A cent in nano-USD: Stripe counts USD in cents. */
const NANO_USD_PER_CENT = 10_000_000n;
const ACTOR = 'stripe';

/** The members of Stripe's objects that are read. */
export interface PaidSession {
  amount_total: number | null;
  currency: string | null;
  payment_status: string;
}
export interface MadeRefund {
  id: string;
  amount: number;
  currency: string;
  status: string | null;
}
export interface MadeDispute {
  id: string;
  amount: number;
  currency: string;
  status: string;
}

/** Whose payment it is, and what Stripe calls it. */
export interface Payer {
  teamId: TeamId;
  paymentIntent: string;
}

/** What a payment comes to once it has arrived; nothing before. */
export function toTopUp({ amount_total, currency, payment_status }: PaidSession, payer: Payer): Booking[] {
  if (payment_status !== 'paid' || !amount_total || !isUsd(currency)) return [];
  return [booking(payer, { kind: 'top_up', cents: amount_total, of: payer.paymentIntent, reason: 'Paid in' })];
}

/**
 * What a refund comes to: it leaves when it is made. One that did not get through comes back, if it had been booked.
 * @param isBooked whether its leaving is in the books
 */
export function toRefund(refund: MadeRefund, payer: Payer, isBooked: boolean): Booking[] {
  const { id, amount, currency, status } = refund;
  if (!isUsd(currency) || amount <= 0) return [];
  if (status === 'succeeded' || status === 'pending')
    return [booking(payer, { kind: 'refund', cents: amount, of: id, reason: 'Paid back to the payer' })];
  const hasFailed = status === 'failed' || status === 'canceled';
  if (!hasFailed || !isBooked) return [];
  return [booking(payer, { kind: 'credit', cents: amount, of: id, reason: 'A refund that did not reach the payer' })];
}

/** What a dispute comes to: the bank takes the money at once, unless it merely asks, and gives it back when it was won. */
export function toChargeback({ id, amount, currency, status }: MadeDispute, payer: Payer): Booking[] {
  if (!isUsd(currency) || amount <= 0 || !isWithdrawn(status)) return [];
  const withdrawn = booking(payer, { kind: 'chargeback', cents: amount, of: id, reason: 'Disputed by the payer' });
  if (status !== 'won') return [withdrawn];
  return [
    withdrawn,
    booking(payer, { kind: 'chargeback_won', cents: amount, of: id, reason: 'A dispute that was won' }),
  ];
}

/** The key that a matter is booked under, once. */
export function keyOf(kind: Booking['kind'], id: string): string {
  return `${ACTOR}/${kind}/${id}`;
}

/** Inquiries (`warning_…`) and what Stripe has prevented move no money. */
function isWithdrawn(status: string): boolean {
  return !status.startsWith('warning_') && status !== 'prevented';
}

function isUsd(currency: string | null): boolean {
  return currency === 'usd';
}

interface Matter {
  kind: Booking['kind'];
  cents: number;
  /** What Stripe calls it. */
  of: string;
  reason: string;
}

function booking({ teamId, paymentIntent }: Payer, { kind, cents, of, reason }: Matter): Booking {
  const amountNanoUsd = BigInt(cents) * NANO_USD_PER_CENT;
  return {
    teamId,
    kind,
    amountNanoUsd,
    reason,
    actor: ACTOR,
    idempotencyKey: keyOf(kind, of),
    reference: paymentIntent,
  };
}
