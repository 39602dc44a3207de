import { Injectable } from '@nestjs/common';
import type { hearPayment, ReplyOf, RequestOf } from '@orgn/contracts';
import { Intake } from './intake.ts';
import { PaymentsRepository } from './payments.repository.ts';
import { StripeClient } from './stripe.client.ts';
import type { StripeWord } from './stripe-word.ts';
import type { Taken } from './till.ts';
import { WebhookNews } from './webhook-news.ts';

type Heard = ReplyOf<typeof hearPayment>;

/** Acts on what the payment service says. */
@Injectable()
export class WebhooksService {
  constructor(
    private readonly stripe: StripeClient,
    private readonly payments: PaymentsRepository,
    private readonly intake: Intake,
    private readonly news: WebhookNews,
  ) {}

  /**
   * Each webhook is acted on once; one that failed half way is repeated by its sender, and ends the same.
   * @throws ServiceError `invalid_request` for one that is not believed, `service_unavailable` where the truth cannot be read
   */
  async hear({ body, signature }: RequestOf<typeof hearPayment>): Promise<Heard> {
    const word = this.stripe.believe(Buffer.from(body, 'base64'), signature);
    const before = await this.payments.heardBefore(word.eventId);
    if (before) return this.#tell(word, 'repeated', before);
    const taken = await this.intake.take(word);
    const outcome = outcomeOf(word, taken);
    const told = taken.map(toTaken);
    await this.payments.heard(word, outcome, told);
    return this.#tell(word, outcome, told);
  }

  #tell(word: StripeWord, outcome: Heard['outcome'], taken: Heard['taken']): Heard {
    this.news.heard(word.kind, outcome);
    return { outcome, taken };
  }
}

function outcomeOf({ about }: StripeWord, taken: readonly Taken[]): Heard['outcome'] {
  if (taken.some(({ isNew }) => isNew)) return 'booked';
  return about === undefined ? 'unknown' : 'nothing';
}

function toTaken({ booking, isNew }: Taken): Heard['taken'][number] {
  const { teamId, kind, amountNanoUsd, reference = null, idempotencyKey: key } = booking;
  return { teamId, kind, amountNanoUsd: String(amountNanoUsd), reference, key, isNew };
}
