import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { Counter, Gauge, type Registry } from 'prom-client';
import type { ConnectionSettings } from '../config/connection-settings.ts';
import { FairTurns } from './fair-turns.ts';
import { MessageGuard } from './message-guard.ts';
import { Peers } from './peers.ts';

/** A connection that has said nothing for so long is closed. */
const SILENT_MS = 10_000;
const LOOK_MS = 1_000;

/**
 * Bounds the connections of a host that strangers reach: in total, for each network, in how long one may be open without
 * having said anything, and in what it may say at once. Trusted proxies, which stand in for many, count in the total only.
 */
export class ConnectionGuard {
  readonly #peers: Peers;
  readonly #turns = new FairTurns();
  readonly #counts = new Map<string, number>();
  /** Those that may have said nothing yet, oldest first. */
  readonly #silent = new Map<Socket, number>();
  readonly #refused: Counter;

  /** @param bounds.proxies addresses and CIDR ranges of trusted proxies */
  constructor(
    private readonly server: Server,
    private readonly bounds: ConnectionSettings & { proxies: readonly string[] },
    metrics: Registry,
  ) {
    this.#peers = new Peers(bounds.proxies);
    const count = () => new Promise<number>((resolve) => server.getConnections((_, open) => resolve(open)));
    new Gauge({
      name: 'orgn_http_connections',
      help: 'Connections that are open at the HTTP host.',
      registers: [metrics],
      async collect() {
        this.set(await count());
      },
    });
    this.#refused = new Counter({
      name: 'orgn_http_closed_connections_total',
      help: 'Connections that were closed because there were too many, of all or of one network, because they said nothing, or because they sent requests ahead of their answers or a body in crumbs.',
      labelNames: ['reason'],
      registers: [metrics],
    });
  }

  /** To be called before the server listens. @param silentMs how long a connection may say nothing */
  stand(silentMs = SILENT_MS): void {
    this.server.maxConnections = this.bounds.MAX_CONNECTIONS;
    this.server.on('drop', () => this.#refused.inc({ reason: 'total' }));
    this.server.on('connection', (socket: Socket) => this.#meet(socket));
    new MessageGuard(this.server, (reason) => this.#refused.inc({ reason })).stand();
    const timer = setInterval(() => this.#closeSilent(silentMs), Math.min(LOOK_MS, silentMs)).unref();
    this.server.once('close', () => clearInterval(timer));
  }

  #meet(socket: Socket): void {
    const network = this.#peers.networkOf(socket.remoteAddress);
    if (network === undefined) return;
    const count = this.#counts.get(network) ?? 0;
    if (count >= this.bounds.MAX_CONNECTIONS_PER_NETWORK) {
      this.#refused.inc({ reason: 'network' });
      socket.destroy();
      return;
    }
    this.#counts.set(network, count + 1);
    this.#silent.set(socket, performance.now());
    socket.once('close', () => this.#leave(socket, network));
    this.#turns.admit(socket, network);
  }

  #leave(socket: Socket, network: string): void {
    this.#silent.delete(socket);
    const count = (this.#counts.get(network) ?? 1) - 1;
    if (count === 0) this.#counts.delete(network);
    else this.#counts.set(network, count);
  }

  #closeSilent(silentMs: number): void {
    const now = performance.now();
    for (const [socket, since] of this.#silent) {
      if (now - since < silentMs) return;
      this.#silent.delete(socket);
      if (socket.bytesRead > 0) continue;
      this.#refused.inc({ reason: 'silent' });
      socket.destroy();
    }
  }
}
