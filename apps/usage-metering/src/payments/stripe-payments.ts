import { Injectable } from '@nestjs/common';
import { paymentId, type Payment } from '@orgn/contracts';
import { LedgerRepository, type Booking } from '../ledger/ledger.repository.ts';
import { PaymentSource } from './payment-source.ts';
import { PaymentsRepository, type KeptPayment } from './payments.repository.ts';
import { keyOf, toChargeback, toRefund, toTopUp, type Payer } from './stripe-facts.ts';
import { StripeClient, type Charge, type Dispute, type Refund, type Session } from './stripe.client.ts';
import type { StripeWord } from './stripe-word.ts';

/** The one thing that a session does not say of itself. */
const HAS_FAILED = 'checkout.session.async_payment_failed';

/**
 * Stripe as a source of money. A webhook only says where to look: what it is about is read again from Stripe, and whose it is says
 * the payment that we opened. So webhooks may come in any order, as often as they like, and lie about amounts.
 */
@Injectable()
export class StripePayments extends PaymentSource<StripeWord> {
  constructor(
    private readonly stripe: StripeClient,
    private readonly payments: PaymentsRepository,
    private readonly ledger: LedgerRepository,
  ) {
    super();
  }

  async bookingsOf({ about, kind }: StripeWord): Promise<readonly Booking[]> {
    if (about === undefined) return [];
    if (about.type === 'session') return this.#ofSession(await this.stripe.session(about.id), kind === HAS_FAILED);
    if (about.type === 'charge') return this.#ofCharge(await this.stripe.charge(about.id));
    if (about.type === 'refund') return this.#ofRefund(await this.stripe.refund(about.id));
    return this.#ofDispute(await this.stripe.dispute(about.id));
  }

  async #ofSession(session: Session | undefined, hasFailed = false): Promise<Booking[]> {
    const payment = session && (await this.#keptOf(session));
    if (!payment) return [];
    const paymentIntent = idOf(session.payment_intent);
    const state = stateOf(session, hasFailed);
    await this.payments.stand(payment.id, { sessionId: session.id, paymentIntent, state });
    return paymentIntent === null ? [] : toTopUp(session, { teamId: payment.teamId, paymentIntent });
  }

  async #ofCharge(charge: Charge | undefined): Promise<Booking[]> {
    const paid = charge && (await this.#paidBy(idOf(charge.payment_intent)));
    if (!paid) return [];
    const bookings = [...paid.bookings];
    for (const refund of await this.stripe.refundsOf(charge.id)) bookings.push(...(await this.#refunded(refund, paid)));
    return bookings;
  }

  async #ofRefund(refund: Refund | undefined): Promise<Booking[]> {
    const paid = refund && (await this.#paidBy(idOf(refund.payment_intent)));
    return paid ? [...paid.bookings, ...(await this.#refunded(refund, paid))] : [];
  }

  async #ofDispute(dispute: Dispute | undefined): Promise<Booking[]> {
    const paid = dispute && (await this.#paidBy(await this.#intentOf(dispute)));
    return paid ? [...paid.bookings, ...toChargeback(dispute, paid.payer)] : [];
  }

  async #intentOf({ payment_intent, charge }: Dispute): Promise<string | null> {
    if (payment_intent !== null) return idOf(payment_intent);
    const id = idOf(charge);
    return id === null ? null : idOf((await this.stripe.charge(id))?.payment_intent);
  }

  async #refunded(refund: Refund, { payer }: { payer: Payer }): Promise<Booking[]> {
    return toRefund(refund, payer, await this.ledger.isBooked(payer.teamId, keyOf('refund', refund.id)));
  }

  /** Whose a payment was, and what it came to: that is booked before anything that came of it. */
  async #paidBy(paymentIntent: string | null): Promise<{ payer: Payer; bookings: Booking[] } | undefined> {
    if (paymentIntent === null) return undefined;
    const known = await this.payments.byIntent(paymentIntent);
    if (known && (await this.ledger.isBooked(known.teamId, keyOf('top_up', paymentIntent))))
      return { payer: { teamId: known.teamId, paymentIntent }, bookings: [] };
    const session = await this.stripe.sessionOf(paymentIntent);
    const payment = session && (await this.#keptOf(session));
    if (!payment) return undefined;
    return { payer: { teamId: payment.teamId, paymentIntent }, bookings: await this.#ofSession(session) };
  }

  /** The payment of ours that a page was opened for. A process may have died before it wrote down what the page is called. */
  async #keptOf({ id, client_reference_id }: Session): Promise<KeptPayment | undefined> {
    const ours = paymentId.safeParse(client_reference_id);
    return (await this.payments.bySession(id)) ?? (ours.success ? this.payments.find(ours.data) : undefined);
  }
}

function stateOf({ status, payment_status }: Session, hasFailed: boolean): Payment['state'] {
  if (payment_status === 'paid') return 'paid';
  if (hasFailed) return 'failed';
  if (status === 'expired') return 'expired';
  return status === 'complete' ? 'pending' : 'open';
}

function idOf(object: string | { id: string } | null | undefined): string | null {
  return typeof object === 'object' ? (object?.id ?? null) : (object ?? null);
}
