import { z } from 'zod';
import { MAX_ENTRIES, shortText } from './bounds.ts';
import { nanoUsd } from './billing.ts';
import { request } from './contract.ts';
import { teamId, userId } from './ids.ts';
import { usdAmount } from './keys/key-restrictions.ts';

/** A payment that somebody opened: ours, by which the payment service names it back to us. */
export const paymentId = z.uuid().brand<'PaymentId'>();
export type PaymentId = z.output<typeof paymentId>;

/**
 * `open`: a page waits for somebody to pay. `pending`: paid by a way that takes days to arrive. `paid`: it is in the balance.
 * `failed`: it will not come. `expired`: nobody paid in time, or it was given up.
 */
export const paymentState = z.enum(['open', 'pending', 'paid', 'failed', 'expired']);
export type PaymentState = z.output<typeof paymentState>;

export const payment = z.object({
  id: paymentId,
  teamId,
  /** Who opened it. */
  userId,
  amountNanoUsd: nanoUsd,
  state: paymentState,
  /** Where to pay; null where it is not open. */
  url: z.url().max(4_096).nullable(),
  openedAt: shortText,
  /** Until when it can be paid. */
  expiresAt: shortText,
});
export type Payment = z.output<typeof payment>;

/** How much can be paid in at once; null: this deployment takes no payments, its operator credits balances. */
export const topUpTerms = z.object({ minUsd: usdAmount, maxUsd: usdAmount }).nullable();
export type TopUpTerms = z.output<typeof topUpTerms>;

/** Opens a payment. `returnUrl`: the page that the payer comes back to. */
export const openPayment = request('payments.open', {
  askedBy: ['auth'],
  answeredBy: ['usage-metering'],
  request: z.object({ teamId, userId, amount: usdAmount, returnUrl: z.url().max(2_048) }),
  reply: payment,
  errors: ['invalid_request', 'not_found', 'request_conflict', 'service_unavailable'],
  timeoutMs: 20_000,
});

/** Gives a payment up that nobody has paid yet: its page says so from then on. */
export const cancelPayment = request('payments.cancel', {
  askedBy: ['auth'],
  answeredBy: ['usage-metering'],
  request: z.object({ teamId, paymentId }),
  reply: payment,
  errors: ['not_found', 'request_conflict', 'service_unavailable'],
  timeoutMs: 20_000,
});

/** The newest payments of a team, and how much can be paid in. */
export const tellPayments = request('payments.tell', {
  askedBy: ['auth'],
  answeredBy: ['usage-metering'],
  request: z.object({ teamId, limit: z.number().int().min(1).max(100).default(20) }),
  reply: z.object({ terms: topUpTerms, payments: z.array(payment).max(MAX_ENTRIES) }),
  errors: [],
  timeoutMs: 5_000,
  isHedged: true,
});

/** The largest webhook that is taken, in bytes. */
export const MAX_WEBHOOK_BYTES = 64 * 1024;

/** What was booked because of a webhook. */
export const takenMoney = z.object({
  teamId,
  kind: z.enum(['credit', 'top_up', 'refund', 'chargeback', 'chargeback_won']),
  amountNanoUsd: nanoUsd,
  reference: shortText.nullable(),
  /** What it is booked once by; null: by a release before. */
  key: shortText.nullable().default(null),
  /** False: it had been booked before. */
  isNew: z.boolean(),
});
export type TakenMoney = z.output<typeof takenMoney>;

/**
 * Hands on a webhook of the payment service as it arrived: what it is signed with only metering knows. It says no more than that
 * something may have changed; what did is read from the service itself. Heard again, it changes nothing.
 */
export const hearPayment = request('payments.hear', {
  askedBy: ['auth'],
  answeredBy: ['usage-metering'],
  request: z.object({
    /** The very bytes, in base64. */
    body: z
      .string()
      .max(Math.ceil(MAX_WEBHOOK_BYTES / 3) * 4)
      .regex(/^[A-Za-z0-9+/]*={0,2}$/),
    signature: shortText,
  }),
  reply: z.object({
    /** `unknown`: nothing of ours. `repeated`: heard before; `taken` is what it said then, for whoever did not write it down. */
    outcome: z.enum(['booked', 'nothing', 'unknown', 'repeated']),
    taken: z.array(takenMoney).max(MAX_ENTRIES),
  }),
  errors: ['invalid_request', 'not_found', 'service_unavailable'],
  timeoutMs: 30_000,
});
