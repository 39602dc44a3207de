import { z } from 'zod';
import type { Account } from './account.ts';
import { Refusal } from './objects.ts';
import type { Webhooks } from './webhooks.ts';

const cents = z.number().int().positive().optional();
const orders = {
  pay: z.object({ session: z.string(), how: z.enum(['card', 'bank']).default('card') }),
  settle: z.object({ session: z.string(), arrives: z.boolean() }),
  expire: z.object({ session: z.string() }),
  refund: z.object({ session: z.string(), amount: cents, status: z.enum(['pending', 'succeeded']).optional() }),
  failRefund: z.object({ refund: z.string() }),
  dispute: z.object({
    session: z.string(),
    amount: cents,
    status: z.enum(['warning_needs_response', 'needs_response']).optional(),
  }),
  closeDispute: z.object({ dispute: z.string(), status: z.enum(['won', 'lost']) }),
  deliver: z.object({ event: z.string() }),
  mute: z.object({ isMuted: z.boolean() }),
};

/** What tests and people turn: payers, banks and time. It has no authentication, as the stand-in is for development only. */
export class Control {
  constructor(
    private readonly account: Account,
    private readonly webhooks: Webhooks,
  ) {}

  /** @param order the step after `/control/` @throws Refusal */
  async answer(order: string, body: string): Promise<object> {
    if (order === 'events') return { events: [...this.account.events.values()] };
    if (order === 'sessions') return { sessions: [...this.account.sessions.values()] };
    const given: unknown = body === '' ? {} : parse(body);
    if (order === 'mute') return this.#mute(take('mute', given));
    if (order === 'deliver') return this.#deliver(take('deliver', given));
    return this.#happen(order, given);
  }

  #happen(order: string, given: unknown): object {
    const { account } = this;
    const does: Record<string, () => object> = {
      pay: () => ((asked) => account.pay(asked.session, asked.how === 'card'))(take('pay', given)),
      settle: () => ((asked) => account.settle(asked.session, asked.arrives))(take('settle', given)),
      expire: () => account.expire(take('expire', given).session),
      refund: () => ((asked) => account.refund(asked.session, asked.amount, asked.status))(take('refund', given)),
      failRefund: () => account.failRefund(take('failRefund', given).refund),
      dispute: () => ((asked) => account.dispute(asked.session, asked.amount, asked.status))(take('dispute', given)),
      closeDispute: () => ((asked) => account.closeDispute(asked.dispute, asked.status))(take('closeDispute', given)),
    };
    const work = does[order];
    if (!work) throw new Refusal(404, 'There is no such order.');
    return work();
  }

  #mute({ isMuted }: z.output<typeof orders.mute>): object {
    this.webhooks.isMuted = isMuted;
    return { isMuted };
  }

  async #deliver({ event }: z.output<typeof orders.deliver>): Promise<object> {
    return { status: await this.webhooks.deliver(this.account.find(this.account.events, event)) };
  }
}

function take<K extends keyof typeof orders>(order: K, given: unknown): z.output<(typeof orders)[K]> {
  const parsed = orders[order].safeParse(given);
  if (parsed.success) return parsed.data as z.output<(typeof orders)[K]>;
  throw new Refusal(400, `What ${order} needs is missing or of another kind.`);
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw new Refusal(400, 'The request body is not valid JSON.');
  }
}
