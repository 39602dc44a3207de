import type { Server, Socket } from 'node:net';
import type { ChannelError } from '../frames/channel-error.ts';
import { RouterConnection, type RouterConnectionSettings } from './router-connection.ts';

export interface ChannelHostSettings extends RouterConnectionSettings {
  /** Connections at most; further ones are closed unheard. */
  maxConnections: number;
  /** Hears why a connection ended. */
  closed?: (error: ChannelError, peer: string | undefined) => void;
}

/** The router's side of the channel: every connection of every gateway. */
export class ChannelHost {
  readonly #connections = new Set<RouterConnection>();
  readonly #allClosed: (() => void)[] = [];
  #isDraining = false;

  /**
   * @param server that listens, or will; under TLS it takes gateways only
   * @param event that tells of a connection whose other end is who it should be
   */
  constructor(
    private readonly server: Server,
    event: 'connection' | 'secureConnection',
    private readonly settings: ChannelHostSettings,
  ) {
    server.maxConnections = settings.maxConnections;
    server.on(event, (socket: Socket) => {
      if (!socket.destroyed) this.#meet(socket);
    });
  }

  get connections(): number {
    return this.#connections.size;
  }

  /** Requests that have not ended. */
  get openRequests(): number {
    let open = 0;
    for (const connection of this.#connections) open += connection.openRequests;
    return open;
  }

  /** Takes no connection and no request any more. Resolves once what is under way has ended. */
  async drain(): Promise<void> {
    this.#isDraining = true;
    this.server.close();
    for (const connection of this.#connections) connection.drain();
    if (this.#connections.size > 0) await new Promise<void>((resolve) => this.#allClosed.push(resolve));
  }

  /** Ends every connection, and what is under way there. */
  close(): void {
    this.#isDraining = true;
    this.server.close();
    for (const connection of [...this.#connections]) connection.close();
  }

  #meet(socket: Socket): void {
    const connection: RouterConnection = new RouterConnection(socket, this.settings, (error) => {
      this.settings.closed?.(error, connection.peer);
    });
    this.#connections.add(connection);
    // Not before the last bytes have left: a process that stops waits for this.
    socket.once('close', () => {
      this.#connections.delete(connection);
      if (this.#connections.size === 0) for (const resolve of this.#allClosed.splice(0)) resolve();
    });
    if (this.#isDraining) connection.drain();
  }
}
