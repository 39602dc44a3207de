import { once } from 'node:events';
import { createServer as createTcpServer, type Server } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { ChannelHost, type TakenRequest } from '@orgn/channel';
import { admit, InternalTls, ServiceLog } from '@orgn/service-kit';
import { Gauge, Registry } from 'prom-client';
import { RouterConfig } from '../config.ts';

/** Some hundred gateways, with several connections each. */
const MAX_CONNECTIONS = 1_024;

/** A server that takes gateways only, by the name in their certificates. */
function createNamedServer(tls: InternalTls, log: ServiceLog): Server {
  const server = createTlsServer(tls.asServer());
  // What it refuses, and what breaks off in its handshake, is no matter of the process.
  server.on('tlsClientError', () => undefined);
  admit(server, 'gateway', { tls, log });
  return server;
}

/** The door of this router: gateways of the deployment connect to it, and nobody else. */
@Injectable()
export class ChannelDoor implements OnApplicationShutdown {
  readonly #server: Server;
  readonly #host: ChannelHost;
  /** Whether this router is not to be found any more. */
  isLeaving = false;
  #take: (request: TakenRequest) => void = (request) => request.refuse();

  constructor(
    private readonly config: RouterConfig,
    tls: InternalTls,
    log: ServiceLog,
    registry: Registry,
  ) {
    this.#server = tls.isOn ? createNamedServer(tls, log) : createTcpServer();
    this.#host = new ChannelHost(this.#server, tls.isOn ? 'secureConnection' : 'connection', {
      name: config.INSTANCE,
      maxConnections: MAX_CONNECTIONS,
      take: (request) => this.#take(request),
      closed: (error, peer) => {
        if (error.code !== 'done' && error.code !== 'lost') log.warn('channel of a gateway ended', { peer }, error);
      },
    });
    this.#measure(registry);
  }

  /** As which router gateways know it. */
  get name(): string {
    return this.config.INSTANCE;
  }

  /** Listens, and hands over what comes. */
  async open(take: (request: TakenRequest) => void): Promise<void> {
    this.#take = take;
    this.#server.listen(this.config.HTTP_PORT, this.config.HTTP_HOST);
    await once(this.#server, 'listening');
  }

  /** Requests that come from now on go to other routers. Resolves once those under way have ended. */
  drain(): Promise<void> {
    return this.#host.drain();
  }

  onApplicationShutdown(): void {
    this.#host.close();
  }

  #measure(registry: Registry): void {
    const host = this.#host;
    new Gauge({
      name: 'orgn_router_channel_connections',
      help: 'Connections that gateways have open.',
      registers: [registry],
      collect() {
        this.set(host.connections);
      },
    });
    new Gauge({
      name: 'orgn_router_channel_requests',
      help: 'Requests on these connections that have not ended.',
      registers: [registry],
      collect() {
        this.set(host.openRequests);
      },
    });
  }
}
