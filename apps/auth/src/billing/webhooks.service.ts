import { Injectable } from '@nestjs/common';
import { hearPayment, ServiceError, type ReplyOf, type TakenMoney } from '@orgn/contracts';
import { Bus } from '@orgn/service-kit';
import { AuditLog } from '../audit/audit-log.ts';
import { Forgeries } from '../permissions/forgeries.ts';

/** Webhooks that metering is asked about at once by one process: anybody can send some. */
const MOST_AT_ONCE = 32;
/** `t=1700000000,v1=…`, as Stripe signs; metering says whether it is true. */
const SIGNATURE = /^t=\d{1,12}(,v\d=[0-9a-f]{1,128}){1,8}$/;

const actions: Record<TakenMoney['kind'], string> = {
  credit: 'balance.credited',
  top_up: 'balance.topped_up',
  refund: 'balance.refunded',
  chargeback: 'balance.charged_back',
  chargeback_won: 'balance.chargeback_won',
};

/** A webhook as it arrived: the signature is over these very bytes. */
export interface SignedWebhook {
  body: Buffer;
  signature: string;
  /** Where it came from. */
  address: string;
}

/** Hands webhooks to metering, which alone can tell whether they are true, and writes down what was booked. */
@Injectable()
export class WebhooksService {
  #asking = 0;

  constructor(
    private readonly bus: Bus,
    private readonly audit: AuditLog,
    private readonly forgeries: Forgeries,
  ) {}

  /**
   * @throws ServiceError `invalid_request` for what is not signed; `service_unavailable` while the truth cannot be found out, so
   *   that it is sent again
   */
  async take({ body, signature, address }: SignedWebhook): Promise<{ received: true }> {
    if (!SIGNATURE.test(signature)) throw this.#forged('form', address);
    const { taken } = await this.#ask({ body: body.toString('base64'), signature }, address);
    // Whoever had to write it down before may have died: it is told again until somebody has.
    for (const money of taken) await this.#record(money);
    return { received: true };
  }

  async #ask(word: { body: string; signature: string }, address: string): Promise<ReplyOf<typeof hearPayment>> {
    if (this.#asking >= MOST_AT_ONCE)
      throw new ServiceError('service_unavailable', 'Too many webhooks at once; send this one again shortly.');
    this.#asking += 1;
    try {
      return await this.bus.ask(hearPayment, word);
    } catch (error) {
      if (error instanceof ServiceError && error.code === 'invalid_request') throw this.#forged('signature', address);
      throw error;
    } finally {
      this.#asking -= 1;
    }
  }

  #forged(reason: string, address: string): ServiceError {
    this.forgeries.count({ attempt: 'webhook', reason, line: 'webhook refused' }, address);
    return new ServiceError('invalid_request', 'This webhook is not signed by the payment service, or not for here.');
  }

  async #record({ teamId, kind, amountNanoUsd, reference, key: booking, isNew }: TakenMoney): Promise<void> {
    const object = { kind: 'team', id: teamId } as const;
    const by = { actor: { kind: 'system' }, client: null } as const;
    const entry = { ...by, teamId, action: actions[kind], object, after: { amountNanoUsd, reference, booking } };
    if (booking !== null) await this.audit.recordOnce(entry, { field: 'booking', value: booking });
    else if (isNew) await this.audit.record(entry);
  }
}
