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
    if (await this.payments.hasHeard(word.eventId)) return this.#tell(word, 'repeated', []);
    const taken = await this.intake.take(word);
    const outcome = outcomeOf(word, taken);
    await this.payments.heard(word, outcome);
    return this.#tell(word, outcome, taken);
  }

  #tell(word: StripeWord, outcome: Heard['outcome'], taken: readonly Taken[]): Heard {
    this.news.heard(word.kind, outcome);
    return { outcome, taken: taken.map(toTaken) };
  }
}

function outcomeOf({ about }: StripeWord, taken: readonly Taken[]): Heard['outcome'] {
  if (taken.some(({ isNew }) => isNew)) return 'booked';
  return about === undefined ? 'unknown' : 'nothing';
}

function toTaken({ booking, isNew }: Taken): Heard['taken'][number] {
  const { teamId, kind, amountNanoUsd, reference = null } = booking;
  return { teamId, kind, amountNanoUsd: String(amountNanoUsd), reference, isNew };
}
