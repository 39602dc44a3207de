import type { NatsConnection } from '@nats-io/transport-node';
import { announcements, type Service } from '@orgn/contracts';
import { encode } from './wire.ts';

const EVERY_MS = 2_000;

/** Says to askers that this instance answers, so that they can ask it by its own subject. */
export class Announcer {
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly connection: NatsConnection,
    private readonly service: Service,
    private readonly instance: string,
  ) {}

  start(): void {
    this.#say(false);
    this.#timer = setInterval(() => this.#say(false), EVERY_MS).unref();
  }

  /** Before the subscriptions end: who is told chooses somebody else. */
  leave(): void {
    if (this.#timer === undefined) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#say(true);
  }

  #say(isLeaving: boolean): void {
    const contract = announcements[this.service];
    if (!contract || this.connection.isClosed()) return;
    this.connection.publish(contract.subject, encode({ instance: this.instance, isLeaving }));
  }
}
