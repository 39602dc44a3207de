import type { EventContract } from '@orgn/contracts';
import type { ServiceLog } from '../logging/service-log.ts';
import { DeliveredMessage } from './delivered-message.ts';
import type { Settlement } from './settlement.ts';
import { SettlingQueue } from './settling-queue.ts';

/** A message that a stream once held. */
export interface ReturnedMessage {
  subject: string;
  /** As it was published. */
  data: Uint8Array;
}

/** Settles messages that come from elsewhere than from a stream, exactly as those that do. */
export class ReturnedMessages<C extends EventContract> {
  readonly #queue: SettlingQueue<C>;

  /** @param contracts of the subjects that may come */
  constructor(
    settlement: Settlement<C>,
    private readonly contracts: readonly C[],
    log: ServiceLog,
  ) {
    this.#queue = new SettlingQueue(settlement, 0, log);
  }

  /** @param done is called once all of the message is settled or in quarantine; never, when this stops before */
  add({ subject, data }: ReturnedMessage, done: () => void): void {
    const nothing = () => undefined;
    const message = { subject, data, info: { stream: 'returned' }, ack: done, nak: nothing, working: nothing };
    this.#queue.add(new DeliveredMessage(message, this.contracts));
  }

  async stop(): Promise<void> {
    await this.#queue.stop();
  }
}
