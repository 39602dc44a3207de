import { once } from 'node:events';
import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { InternalTls } from '@orgn/service-kit';

const CONNECT_MS = 2_000;
const ROUTER = 'inference-router';

/**
 * Opens connections to routers. Under INTERNAL_TLS both ends name their service by a certificate of the deployment, and what
 * announces itself elsewhere, or as somebody else, gets no byte of a request.
 */
export class RouterConnector {
  constructor(private readonly tls: InternalTls) {}

  /**
   * @param url `tls://host:port`, or `tcp://host:port` under INTERNAL_TLS=off
   * @throws Error when nobody is there in time, or not who should be
   */
  async open(url: string): Promise<Socket> {
    const { protocol, hostname, port } = new URL(url);
    if (this.tls.isOn && protocol !== 'tls:') throw new Error('the router is not behind TLS');
    const address = { host: hostname.replace(/^\[(.*)\]$/, '$1'), port: Number(port) };
    const socket = this.tls.isOn ? connectTls({ ...address, ...this.tls.asClientOf(ROUTER) }) : connectTcp(address);
    try {
      const signal = AbortSignal.timeout(CONNECT_MS);
      await once(socket, this.tls.isOn ? 'secureConnect' : 'connect', { signal });
      return socket;
    } catch (error) {
      socket.on('error', () => undefined).destroy();
      throw error;
    }
  }
}
