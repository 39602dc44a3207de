import { metadataOf } from './form.ts';
import type { Account } from './account.ts';
import { nowSeconds } from './ids.ts';
import { Refusal, type Session } from './objects.ts';

const DAY_SECONDS = 86_400;
/** Stripe takes no session that ends sooner, or later than a day. */
const LEAST_SECONDS = 1_800;

/** What a caller of the API says. */
export interface Asked {
  method: string;
  /** The path below `/v1/`, in steps. */
  steps: readonly string[];
  query: URLSearchParams;
  form: URLSearchParams;
  idempotencyKey: string | undefined;
}

/** Stripe's own API, as far as it is stood in for. */
export class Api {
  readonly #made = new Map<string, Session>();

  constructor(private readonly account: Account) {}

  /** @throws Refusal */
  answer(asked: Asked): object {
    const [first = '', second, id, verb] = asked.steps;
    const isChange = asked.method === 'POST';
    if (first === 'checkout') return isChange ? this.#change(asked, id, verb) : this.#sessions(asked, id);
    if (first === 'refunds' && second === undefined) return this.#refunds(asked);
    if (isChange) throw new Refusal(404, 'Unrecognized request URL.');
    return this.#one(first, second ?? '');
  }

  #one(kind: string, id: string): object {
    const { charges, refunds, disputes, events } = this.account;
    const kept = { charges, refunds, disputes, events }[kind];
    if (kept === undefined) throw new Refusal(404, 'Unrecognized request URL.');
    return this.account.find<object>(kept, id);
  }

  #change({ form, idempotencyKey }: Asked, id: string | undefined, verb: string | undefined): object {
    if (id === undefined) return this.#open(form, idempotencyKey);
    if (verb === 'expire') return this.account.expire(id);
    throw new Refusal(404, 'Unrecognized request URL.');
  }

  #sessions({ query }: Asked, id: string | undefined): object {
    if (id !== undefined) return this.account.session(id);
    const wanted = query.get('payment_intent');
    const found = [...this.account.sessions.values()].filter((session) => session.payment_intent === wanted);
    return list(wanted === null ? [] : found);
  }

  #open(form: URLSearchParams, idempotencyKey: string | undefined): Session {
    const before = idempotencyKey === undefined ? undefined : this.#made.get(idempotencyKey);
    if (before) return before;
    const session = this.account.open({
      amount: this.#amountOf(form),
      currency: form.get('line_items[0][price_data][currency]') ?? 'usd',
      clientReferenceId: form.get('client_reference_id'),
      successUrl: form.get('success_url') ?? '/',
      cancelUrl: form.get('cancel_url') ?? '/',
      expiresAt: endOf(form.get('expires_at')),
      metadata: metadataOf(form),
    });
    if (idempotencyKey !== undefined) this.#made.set(idempotencyKey, session);
    return session;
  }

  #amountOf(form: URLSearchParams): number {
    const amount = Number(form.get('line_items[0][price_data][unit_amount]'));
    const quantity = Number(form.get('line_items[0][quantity]') ?? 1);
    if (form.get('mode') !== 'payment' || !Number.isSafeInteger(amount) || amount < 50)
      throw new Refusal(400, 'The amount must be at least 0.50 USD.');
    return amount * quantity;
  }

  #refund(form: URLSearchParams): object {
    const intent = form.get('payment_intent');
    const session = [...this.account.sessions.values()].find(({ payment_intent }) => payment_intent === intent);
    if (intent === null || !session) throw new Refusal(404, 'No such payment_intent.');
    const amount = form.get('amount');
    return this.account.refund(session.id, amount === null ? undefined : Number(amount));
  }

  #refunds({ method, form, query }: Asked): object {
    return method === 'POST' ? this.#refund(form) : this.#refundsOf(query);
  }

  #refundsOf(query: URLSearchParams): object {
    const charge = query.get('charge');
    return list([...this.account.refunds.values()].filter((refund) => refund.charge === charge));
  }
}

function endOf(expiresAt: string | null): number {
  const end = expiresAt === null ? nowSeconds() + DAY_SECONDS : Number(expiresAt);
  const seconds = end - nowSeconds();
  // A second or two pass on the way.
  if (seconds >= LEAST_SECONDS - 5 && seconds <= DAY_SECONDS + 5) return end;
  throw new Refusal(400, 'expires_at must be between 30 minutes and 24 hours from now.');
}

function list(data: object[]): object {
  return { object: 'list', data, has_more: false, url: '/v1' };
}
