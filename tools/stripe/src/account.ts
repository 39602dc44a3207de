import { newId, nowSeconds } from './ids.ts';
import {
  Refusal,
  type Charge,
  type Dispute,
  type Event,
  type Refund,
  type Session,
  type StripeObject,
} from './objects.ts';

/** What a page to pay at is made of. */
export interface NewSession {
  amount: number;
  currency: string;
  clientReferenceId: string | null;
  successUrl: string;
  cancelUrl: string;
  expiresAt: number;
  metadata: Record<string, string>;
}

/** So much is kept of each kind; the oldest is forgotten beyond. */
const MOST_KEPT = 20_000;

/** A Stripe account: what was made in it, and what happened to it. `tell` hears of each event. */
export class Account {
  readonly sessions = new Map<string, Session>();
  readonly charges = new Map<string, Charge>();
  readonly refunds = new Map<string, Refund>();
  readonly disputes = new Map<string, Dispute>();
  readonly events = new Map<string, Event>();

  constructor(
    private readonly tell: (event: Event) => void,
    private readonly publicUrl: () => string,
    /** False: test mode, as the real one has it for keys of test mode. */
    readonly livemode = false,
  ) {}

  open({ amount, currency, clientReferenceId, successUrl, cancelUrl, expiresAt, metadata }: NewSession): Session {
    const id = newId(this.livemode ? 'cs_live' : 'cs_test');
    return keep(this.sessions, {
      id,
      object: 'checkout.session',
      livemode: this.livemode,
      mode: 'payment',
      client_reference_id: clientReferenceId,
      amount_total: amount,
      currency,
      status: 'open',
      payment_status: 'unpaid',
      payment_intent: null,
      url: `${this.publicUrl()}/pay/${id}`,
      success_url: successUrl,
      cancel_url: cancelUrl,
      created: nowSeconds(),
      expires_at: expiresAt,
      metadata,
    });
  }

  /** Somebody pays at the page. @param arrives false: by a way that takes days */
  pay(id: string, arrives: boolean): Session {
    const session = this.#openSession(id);
    const payment_intent = newId('pi');
    const paid = {
      status: 'complete',
      url: null,
      payment_intent,
      payment_status: arrives ? 'paid' : 'unpaid',
    } as const;
    Object.assign(session, paid);
    if (arrives) this.#charge(session, payment_intent);
    this.happen('checkout.session.completed', session);
    return session;
  }

  /** What takes days has arrived, or will not. */
  settle(id: string, hasArrived: boolean): Session {
    const session = this.session(id);
    if (session.status !== 'complete' || session.payment_status === 'paid' || session.payment_intent === null)
      throw new Refusal(400, 'This session waits for no payment.');
    if (hasArrived) {
      session.payment_status = 'paid';
      this.#charge(session, session.payment_intent);
    }
    this.happen(`checkout.session.async_payment_${hasArrived ? 'succeeded' : 'failed'}`, session);
    return session;
  }

  expire(id: string): Session {
    const session = Object.assign(this.#openSession(id), { status: 'expired', url: null } as const);
    this.happen('checkout.session.expired', session);
    return session;
  }

  refund(session: string, amount?: number, status: Refund['status'] = 'succeeded'): Refund {
    const charge = this.#chargeOf(session);
    const rest = charge.amount - charge.amount_refunded;
    const refunded = amount ?? rest;
    if (refunded <= 0 || refunded > rest) throw new Refusal(400, 'A charge cannot be refunded beyond its amount.');
    charge.amount_refunded += refunded;
    charge.refunded = charge.amount_refunded === charge.amount;
    const { id, currency, payment_intent } = charge;
    const of = { charge: id, payment_intent, currency };
    const refund = keep<Refund>(this.refunds, { id: newId('re'), object: 'refund', amount: refunded, status, ...of });
    this.happen('refund.created', refund);
    this.happen('charge.refunded', charge);
    return refund;
  }

  failRefund(id: string): Refund {
    const refund = this.find(this.refunds, id);
    refund.status = 'failed';
    const charge = this.find(this.charges, refund.charge);
    charge.amount_refunded -= refund.amount;
    charge.refunded = false;
    this.happen('refund.failed', refund);
    return refund;
  }

  /** The payer's bank takes the money back, or merely asks (`warning_needs_response`). */
  dispute(session: string, amount?: number, status: Dispute['status'] = 'needs_response'): Dispute {
    const charge = this.#chargeOf(session);
    charge.disputed = true;
    const { id, currency, payment_intent, livemode } = charge;
    const of = { charge: id, payment_intent, currency, livemode };
    const made = {
      id: newId('du'),
      object: 'dispute',
      amount: amount ?? charge.amount,
      reason: 'fraudulent',
      status,
    } as const;
    const dispute = keep<Dispute>(this.disputes, { ...made, ...of });
    this.happen('charge.dispute.created', dispute);
    if (!status.startsWith('warning')) this.happen('charge.dispute.funds_withdrawn', dispute);
    return dispute;
  }

  closeDispute(id: string, status: 'won' | 'lost'): Dispute {
    const dispute = this.find(this.disputes, id);
    dispute.status = status;
    this.happen('charge.dispute.closed', dispute);
    if (status === 'won') this.happen('charge.dispute.funds_reinstated', dispute);
    return dispute;
  }

  session(id: string): Session {
    const session = this.find(this.sessions, id);
    if (session.status === 'open' && session.expires_at <= nowSeconds()) this.expire(id);
    return session;
  }

  /** @throws Refusal 404 */
  find<T>(kept: ReadonlyMap<string, T>, id: string): T {
    const found = kept.get(id);
    if (found === undefined) throw new Refusal(404, 'No such object.');
    return found;
  }

  happen(type: string, object: StripeObject): Event {
    const said = { api_version: '2026-10-28.endive', livemode: this.livemode, created: nowSeconds(), type };
    const event = keep<Event>(this.events, {
      id: newId('evt'),
      object: 'event',
      ...said,
      data: { object: structuredClone(object) },
    });
    this.tell(event);
    return event;
  }

  #openSession(id: string): Session {
    const session = this.find(this.sessions, id);
    if (session.status === 'open' && session.expires_at > nowSeconds()) return session;
    throw new Refusal(400, 'This session is not open.');
  }

  #chargeOf(session: string): Charge {
    const { payment_intent } = this.session(session);
    const found = [...this.charges.values()].find((charge) => charge.payment_intent === payment_intent);
    if (found) return found;
    throw new Refusal(400, 'Nothing was paid at this session.');
  }

  #charge({ amount_total: amount, currency, livemode }: Session, payment_intent: string): void {
    const state = { paid: true, refunded: false, disputed: false, amount_refunded: 0 };
    keep(this.charges, { id: newId('ch'), object: 'charge', livemode, amount, currency, payment_intent, ...state });
  }
}

function keep<T extends { id: string }>(kept: Map<string, T>, object: T): T {
  kept.set(object.id, object);
  const [oldest] = kept.keys();
  if (kept.size > MOST_KEPT && oldest !== undefined) kept.delete(oldest);
  return object;
}
