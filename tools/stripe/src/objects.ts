/** Stripe's objects, as far as they are stood in for. Amounts are cents. */
export interface Session {
  id: string;
  object: 'checkout.session';
  livemode: boolean;
  mode: 'payment';
  client_reference_id: string | null;
  amount_total: number;
  currency: string;
  status: 'open' | 'complete' | 'expired';
  payment_status: 'unpaid' | 'paid';
  payment_intent: string | null;
  url: string | null;
  success_url: string;
  cancel_url: string;
  created: number;
  expires_at: number;
  metadata: Record<string, string>;
}

export interface Charge {
  id: string;
  object: 'charge';
  livemode: boolean;
  amount: number;
  amount_refunded: number;
  currency: string;
  payment_intent: string;
  paid: boolean;
  refunded: boolean;
  disputed: boolean;
}

export interface Refund {
  id: string;
  object: 'refund';
  amount: number;
  currency: string;
  charge: string;
  payment_intent: string;
  status: 'pending' | 'succeeded' | 'failed' | 'canceled';
}

export interface Dispute {
  id: string;
  object: 'dispute';
  livemode: boolean;
  amount: number;
  currency: string;
  charge: string;
  payment_intent: string;
  reason: string;
  status: 'warning_needs_response' | 'needs_response' | 'under_review' | 'won' | 'lost';
}

export type StripeObject = Session | Charge | Refund | Dispute;

export interface Event {
  id: string;
  object: 'event';
  api_version: string;
  livemode: boolean;
  created: number;
  type: string;
  data: { object: StripeObject };
}

/** A request that is refused as Stripe refuses it. */
export class Refusal extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}
