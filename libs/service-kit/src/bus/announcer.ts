import type { NatsConnection } from '@nats-io/transport-node';
import { announcements, type Service } from '@orgn/contracts';
import { encode } from './wire.ts';

const EVERY_MS = 2_000;

/** Says to askers that this instance answers, so that they can ask it by its own subject. */
export class Announcer {
  #timer: NodeJS.Timeout | undefined;
  #isLeaving = false;

  constructor(
    private readonly connection: NatsConnection,
    private readonly service: Service,
    private readonly instance: string,
  ) {}

  start(): void {
    this.say(false);
    this.#timer = setInterval(() => this.#announce(), EVERY_MS).unref();
  }

  /** Before the subscriptions end: who is told chooses somebody else. */
  leave(): void {
    if (this.#timer === undefined) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.say(true);
  }

  /** Says at once, and from now on, whether this instance is leaving its group. */
  say(isLeaving: boolean): void {
    this.#isLeaving = isLeaving;
    this.#announce();
  }

  #announce(): void {
    const contract = announcements[this.service];
    if (!contract || this.connection.isClosed()) return;
    this.connection.publish(contract.subject, encode({ instance: this.instance, isLeaving: this.#isLeaving }));
  }
}
