import type { Socket } from 'node:net';
import { ChannelError } from '../frames/channel-error.ts';
import type { AnswerReceiver, AskedRequest } from './asked-request.ts';
import { GatewayConnection, type Asked, type GatewayConnectionSettings } from './gateway-connection.ts';

/** From so much of what a connection takes on, another one is opened beside it. */
const NEARLY_FULL = 0.75;
const MAX_CONNECTIONS = 8;
const FIRST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 5_000;

export interface RouterChannelSettings extends GatewayConnectionSettings {
  /** Opens a connection to the router: resolves once its other end is known to be who it should be. */
  open: () => Promise<Socket>;
  /** Hears why a connection ended, or did not come to be. */
  failed?: (error: Error) => void;
}

/** The channel to one router: a connection that is always there again, and more of them while one is full. */
export class RouterChannel {
  readonly #connections = new Set<GatewayConnection>();
  #isOpening = false;
  #isClosed = false;
  #waitMs = FIRST_WAIT_MS;
  #timer: NodeJS.Timeout | undefined;
  /** Wait for the next connection. */
  #waiting: (() => void)[] = [];

  constructor(private readonly settings: RouterChannelSettings) {
    void this.#open();
  }

  /** Whether a request can be posted now. */
  get isOpen(): boolean {
    return this.#least() !== undefined;
  }

  /** Requests that the router has not ended. */
  get openRequests(): number {
    let open = 0;
    for (const connection of this.#connections) open += connection.openRequests;
    return open;
  }

  get connections(): number {
    return this.#connections.size;
  }

  /**
   * Asks the router. Without a connection the receiver hears at once that nothing was sent.
   * @throws TypeError for a head that the channel cannot carry
   */
  post(asked: Asked, receiver: AnswerReceiver): AskedRequest | undefined {
    const connection = this.#least();
    if (!connection) {
      queueMicrotask(() => receiver.onError(new ChannelError('lost', 'There is no connection to the router.'), false));
      return undefined;
    }
    const request = connection.post(asked, receiver);
    if (connection.load >= NEARLY_FULL && this.#connections.size < MAX_CONNECTIONS) void this.#open();
    return request;
  }

  /** Tries at once to connect, if there is no connection: the router was heard of. */
  wake(): void {
    if (this.isOpen) return;
    this.#waitMs = FIRST_WAIT_MS;
    void this.#open();
  }

  /** Resolves once a request can be posted, or when that takes longer. */
  async whenOpen(withinMs: number): Promise<void> {
    if (this.isOpen || this.#isClosed) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, withinMs);
      this.#waiting.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  /** Opens no connection any more; those that are there end with what is under way on them. */
  retire(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    for (const connection of [...this.#connections]) connection.retire();
  }

  /** Opens no connection any more, and ends those that are there, with what is under way. */
  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    this.#tellWaiting();
    for (const connection of [...this.#connections]) connection.close();
  }

  #tellWaiting(): void {
    for (const tell of this.#waiting.splice(0)) tell();
  }

  #least(): GatewayConnection | undefined {
    let least: GatewayConnection | undefined;
    let leastLoad = 1;
    for (const connection of this.#connections) {
      const { load } = connection;
      if (load >= leastLoad) continue;
      least = connection;
      leastLoad = load;
    }
    return least;
  }

  async #open(): Promise<void> {
    if (this.#isOpening || this.#isClosed) return;
    this.#isOpening = true;
    clearTimeout(this.#timer);
    try {
      this.#use(await this.settings.open());
    } catch (error) {
      this.#failed(error as Error);
    }
  }

  #use(socket: Socket): void {
    let isReady = false;
    const connection: GatewayConnection = new GatewayConnection(socket, this.settings, {
      ready: () => {
        isReady = true;
        this.#isOpening = false;
        this.#waitMs = FIRST_WAIT_MS;
        this.#tellWaiting();
      },
      // What is under way goes on there. Whoever takes the place of a router that leaves may be there already.
      draining: () => this.#retry(),
      closed: (error) => {
        this.#connections.delete(connection);
        if (!isReady) return this.#failed(error);
        this.settings.failed?.(error);
        this.#retry();
      },
    });
    this.#connections.add(connection);
    if (this.#isClosed) connection.close();
  }

  #failed(error: Error): void {
    this.#isOpening = false;
    this.settings.failed?.(error);
    this.#retry();
  }

  /** Waits longer each time, and never as long as another gateway, so that they do not all come back at once. */
  #retry(): void {
    if (this.#isClosed || this.isOpen) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#open(), this.#waitMs * (0.5 + Math.random() / 2)).unref();
    this.#waitMs = Math.min(this.#waitMs * 2, LONGEST_WAIT_MS);
  }
}
