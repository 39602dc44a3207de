import { createHmac } from 'node:crypto';
import { nowSeconds } from './ids.ts';
import type { Event } from './objects.ts';

/** Where webhooks go, and what they are signed with. */
export interface Receiver {
  readonly url: string;
  readonly secret: string;
}

/** How long after a failure a webhook is sent again; the real one goes on for three days. */
const RETRY_AFTER_MS = [200, 500, 1_000, 2_000, 5_000, 10_000, 30_000];
const TIMEOUT_MS = 30_000;

/** The `stripe-signature` header for a body. */
export function signatureOf(body: string, secret: string, seconds = nowSeconds()): string {
  return `t=${seconds},v1=${createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex')}`;
}

/** Sends events until they are taken, each on its own, so that they overtake each other as the real ones do. */
export class Webhooks {
  /** Nothing is sent by itself: a test sends what it wants, in the order it wants. */
  isMuted = false;
  readonly #waiting = new Set<NodeJS.Timeout>();

  constructor(private readonly receiver: Receiver) {}

  tell(event: Event): void {
    if (!this.isMuted) this.#try(event, 0);
  }

  /** Sends an event once. @returns the status that it was answered with */
  async deliver(event: Event): Promise<number> {
    const body = JSON.stringify(event);
    const response = await fetch(this.receiver.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'stripe-signature': signatureOf(body, this.receiver.secret) },
      body,
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    await response.arrayBuffer();
    return response.status;
  }

  stop(): void {
    this.isMuted = true;
    for (const timer of this.#waiting) clearTimeout(timer);
  }

  #try(event: Event, turn: number): void {
    this.deliver(event).then(
      (status) => status >= 300 && this.#later(event, turn),
      () => this.#later(event, turn),
    );
  }

  #later(event: Event, turn: number): void {
    const delay = RETRY_AFTER_MS[turn];
    if (delay === undefined || this.isMuted) return;
    const timer = setTimeout(() => {
      this.#waiting.delete(timer);
      this.#try(event, turn + 1);
    }, delay);
    this.#waiting.add(timer);
  }
}
