import { usageRecordedByGateway, usageRecordedByRouter, usageSettled, type UsageEvent } from '@orgn/contracts';
import { EventPublisher, ServiceLog, type Bus } from '@orgn/service-kit';

/** A router and a gateway that say what a test has them say, and forget it once metering has settled it. */
export class Witnesses {
  readonly #router: EventPublisher<typeof usageRecordedByRouter>;
  readonly #gateway: EventPublisher<typeof usageRecordedByGateway>;
  readonly #stopListening: () => void;

  constructor(bus: Bus) {
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
    await Promise.all(
      events.map((event) => {
        const publisher = event.id.includes('/gateway/') ? this.#gateway : this.#router;
        return publisher.publish(event.id, event);
      }),
    );
  }

  close(): void {
    this.#stopListening();
    this.#router.close();
    this.#gateway.close();
  }
}
