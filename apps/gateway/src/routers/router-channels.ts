import type { RouterChannel } from '@orgn/channel';
import type { RouterClient } from './router.client.ts';

/** The channel to each router, kept however often its word on itself changes. */
export class RouterChannels {
  readonly #channels = new Map<string, { url: string; channel: RouterChannel }>();

  constructor(private readonly client: RouterClient) {}

  /** The channel to a router that was just heard of: if there is no connection, one is tried at once. */
  to(router: string, url: string): RouterChannel {
    const known = this.#channels.get(router);
    if (known?.url === url) {
      known.channel.wake();
      return known.channel;
    }
    // A router that is somewhere else now finishes there what it has.
    known?.channel.retire();
    const channel = this.client.connect(router, url);
    this.#channels.set(router, { url, channel });
    return channel;
  }

  /** Nobody has heard of the router for too long. */
  close(router: string): void {
    this.#channels.get(router)?.channel.close();
    this.#channels.delete(router);
  }

  closeAll(): void {
    for (const router of [...this.#channels.keys()]) this.close(router);
  }
}
