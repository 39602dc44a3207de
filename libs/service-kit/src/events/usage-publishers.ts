import { usageSettled, usageStored, type EventContract } from '@orgn/contracts';
import type { Registry } from 'prom-client';
import type { Bus } from '../bus/bus.ts';
import type { ServiceLog } from '../logging/service-log.ts';
import { EventPublisher } from './event.publisher.ts';

/** Opens publishers of usage words, which hear what metering says of them, and show themselves in the metrics. */
export class UsagePublishers {
  constructor(
    private readonly bus: Bus,
    private readonly log: ServiceLog,
    private readonly registry: Registry,
  ) {}

  /** One a process: their metrics have no label. */
  open<C extends EventContract>(contract: C): EventPublisher<C> {
    const publisher = new EventPublisher(this.bus.connection, contract, this.log, this.registry);
    publisher.whenClosed(
      this.bus.listen(usageSettled, ({ eventIds }) => publisher.settle(eventIds)),
      this.bus.listen(usageStored, (holds) => publisher.heard(holds)),
    );
    return publisher;
  }
}
