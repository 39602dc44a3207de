import { Injectable } from '@nestjs/common';
import { ServiceError } from '@orgn/contracts';
import Stripe from 'stripe';
import { UsageMeteringConfig } from '../config.ts';
import { toStripeWord, type StripeWord } from './stripe-word.ts';

/** How old a webhook's signature may be. */
const TOLERANCE_SECONDS = 300;
const TIMEOUT_MS = 6_000;
/** How long somebody may take to pay; Stripe's least is 30 minutes. */
const OPEN_SECONDS = 3_600;

export type Session = Stripe.Checkout.Session;
export type Charge = Stripe.Charge;
export type Refund = Stripe.Refund;
export type Dispute = Stripe.Dispute;

/** What a page to pay at is opened for. */
export interface Order {
  id: string;
  teamId: string;
  cents: number;
  returnUrl: string;
}

/** Speaks to Stripe. Its errors quote what was sent, so none of them leaves here. */
@Injectable()
export class StripeClient {
  readonly #stripe: Stripe | undefined;
  readonly #webhookSecret: string;
  readonly #isProduction: boolean;

  constructor({ STRIPE_SECRET_KEY, STRIPE_WEBHOOK_SECRET = '', STRIPE_API_BASE, NODE_ENV }: UsageMeteringConfig) {
    this.#webhookSecret = STRIPE_WEBHOOK_SECRET;
    this.#isProduction = NODE_ENV === 'production';
    if (STRIPE_SECRET_KEY === undefined) return;
    const { protocol, hostname, port } = new URL(STRIPE_API_BASE);
    this.#stripe = new Stripe(STRIPE_SECRET_KEY, {
      protocol: protocol === 'http:' ? 'http' : 'https',
      host: hostname,
      ...(port !== '' && { port }),
      ...{ maxNetworkRetries: 1, timeout: TIMEOUT_MS, telemetry: false },
    });
  }

  /** Whether this deployment takes payments. */
  get isSet(): boolean {
    return this.#stripe !== undefined;
  }

  /**
   * Believes a webhook by its signature.
   * @throws ServiceError `invalid_request` for one that is not signed, too old, or of test mode in production
   */
  believe(body: Buffer, signature: string): StripeWord {
    const { webhooks } = this.#api;
    let event: Stripe.Event;
    try {
      event = webhooks.constructEvent(body, signature, this.#webhookSecret, TOLERANCE_SECONDS);
    } catch {
      throw new ServiceError('invalid_request', 'This webhook is not signed by the payment service, or too long ago.');
    }
    this.#requireLive(event);
    return toStripeWord(event, event.data.object);
  }

  /** Opens a page to pay at. Asked again with the same order it is the same page. */
  open({ id, teamId, cents, returnUrl }: Order): Promise<Session> {
    const back = (what: string) => `${returnUrl}?payment=${what}`;
    const item = { currency: 'usd', unit_amount: cents, product_data: { name: 'Balance of an ORGN Gateway team' } };
    return this.#ask((stripe) =>
      stripe.checkout.sessions.create(
        {
          mode: 'payment',
          client_reference_id: id,
          line_items: [{ quantity: 1, price_data: item }],
          // Paid in the currency that it is credited in.
          adaptive_pricing: { enabled: false },
          metadata: { payment: id, team: teamId },
          payment_intent_data: { metadata: { payment: id, team: teamId } },
          expires_at: Math.floor(Date.now() / 1_000) + OPEN_SECONDS,
          ...{ success_url: back('done'), cancel_url: back('left') },
        },
        { idempotencyKey: `open-${id}` },
      ),
    );
  }

  /** Ends a page that nobody has paid at. */
  expire(sessionId: string): Promise<Session> {
    return this.#ask((stripe) => stripe.checkout.sessions.expire(sessionId));
  }

  async session(id: string): Promise<Session | undefined> {
    const session = await this.#find((stripe) => stripe.checkout.sessions.retrieve(id));
    if (session) this.#requireLive(session);
    return session;
  }

  /** The page that a payment was made at. */
  async sessionOf(paymentIntent: string): Promise<Session | undefined> {
    const found = await this.#ask((stripe) =>
      stripe.checkout.sessions.list({ payment_intent: paymentIntent, limit: 1 }),
    );
    return found.data[0];
  }

  charge(id: string): Promise<Charge | undefined> {
    return this.#find((stripe) => stripe.charges.retrieve(id));
  }

  refund(id: string): Promise<Refund | undefined> {
    return this.#find((stripe) => stripe.refunds.retrieve(id));
  }

  /** Refunds of a charge: a charge may be paid back in parts. */
  async refundsOf(charge: string): Promise<Refund[]> {
    const { data } = await this.#ask((stripe) => stripe.refunds.list({ charge, limit: 100 }));
    return data;
  }

  dispute(id: string): Promise<Dispute | undefined> {
    return this.#find((stripe) => stripe.disputes.retrieve(id));
  }

  get #api(): Stripe {
    if (this.#stripe) return this.#stripe;
    throw new ServiceError('not_found', 'This deployment takes no payments: its operator credits balances.');
  }

  /** @throws ServiceError for what nobody has paid for, in production */
  #requireLive({ livemode }: { livemode: boolean }): void {
    if (this.#isProduction && !livemode)
      throw new ServiceError('invalid_request', 'This is of the payment service’s test mode: nobody has paid for it.');
  }

  async #find<T>(question: (stripe: Stripe) => Promise<T>): Promise<T | undefined> {
    return this.#ask((stripe) =>
      question(stripe).catch((error: unknown) => {
        if (error instanceof Stripe.errors.StripeError && error.statusCode === 404) return undefined;
        throw error;
      }),
    );
  }

  async #ask<T>(question: (stripe: Stripe) => Promise<T>): Promise<T> {
    const stripe = this.#api;
    try {
      return await question(stripe);
    } catch (error) {
      throw new ServiceError('service_unavailable', 'The payment service cannot be asked at the moment.', {
        cause: error,
      });
    }
  }
}
