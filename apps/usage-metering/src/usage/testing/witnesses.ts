import { jetstream } from '@nats-io/jetstream';
import {
  usageRecordedByGateway,
  usageRecordedByRouter,
  usageSettled,
  type UsageEvent,
  type UsageWitness,
} from '@orgn/contracts';
import { EventPublisher, ServiceLog, type Bus } from '@orgn/service-kit';

/** A router and a gateway that say what a test has them say, and forget it once metering has settled it. */
export class Witnesses {
  readonly #router: EventPublisher<typeof usageRecordedByRouter>;
  readonly #gateway: EventPublisher<typeof usageRecordedByGateway>;
  readonly #stopListening: () => void;

  constructor(private readonly bus: Bus) {
    const log = new ServiceLog('test', 'test-1', 'error');
    this.#router = new EventPublisher(bus.connection, usageRecordedByRouter, log);
    this.#gateway = new EventPublisher(bus.connection, usageRecordedByGateway, log);
    this.#stopListening = bus.listen(usageSettled, ({ eventIds }) => {
      for (const publisher of [this.#router, this.#gateway]) publisher.settle(eventIds);
    });
  }

  /** Words that metering has not settled yet. */
  get unsettled(): number {
    return this.#router.unsettled + this.#gateway.unsettled;
  }

  /** Resolves once the stream has the words; each goes where its own name says its witness speaks. */
  async publish(...events: UsageEvent[]): Promise<void> {
    const isGateways = ({ id }: UsageEvent) => id.includes('/gateway/');
    await Promise.all(events.map((event) => this.publishAs(isGateways(event) ? 'gateway' : 'router', event)));
  }

  /** Publishes a word on the subject of a kind of witness, whatever the word says of itself. */
  async publishAs(witness: UsageWitness, event: UsageEvent): Promise<void> {
    await (witness === 'gateway' ? this.#gateway : this.#router).publish(event.id, event);
  }

  /** Says words again that the stream would take for repetitions of the same message. */
  async repeat(...events: UsageEvent[]): Promise<void> {
    const client = jetstream(this.bus.connection);
    for (const event of events) {
      const contract = event.id.includes('/gateway/') ? usageRecordedByGateway : usageRecordedByRouter;
      await client.publish(contract.subject, JSON.stringify([event]));
    }
  }

  /** For words that metering will never settle under their own name. */
  forget(id: string): void {
    for (const publisher of [this.#router, this.#gateway]) publisher.withdraw(id);
  }

  close(): void {
    this.#stopListening();
    this.#router.close();
    this.#gateway.close();
  }
}
