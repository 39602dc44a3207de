import type { NatsConnection, Subscription } from '@nats-io/transport-node';
import type { Group } from './membership.ts';

/** The subscriptions that an instance shares with the other instances of its service. */
export class QueueGroup implements Group {
  readonly #subscribes: (() => Subscription)[] = [];
  #subscriptions: Subscription[] = [];

  constructor(private readonly connection: NatsConnection) {}

  /** What to subscribe to on joining. */
  add(subscribe: () => Subscription): void {
    this.#subscribes.push(subscribe);
  }

  async join(): Promise<void> {
    if (this.#subscriptions.length === 0) this.#subscriptions = this.#subscribes.map((subscribe) => subscribe());
    await this.connection.flush();
  }

  async leave(): Promise<void> {
    const left = this.#subscriptions;
    this.#subscriptions = [];
    await Promise.all(left.map((subscription) => subscription.drain()));
  }
}
