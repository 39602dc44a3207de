import { once } from 'node:events';
import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { InternalTls } from '@orgn/service-kit';

const CONNECT_MS = 2_000;
/** For an address to answer: a router that has just started again did not hear what was sent before, and TCP waits a second to repeat it. */
const ANSWER_MS = 500;
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
    const answerMs = isIP(address.host) === 0 ? CONNECT_MS : ANSWER_MS;
    const socket = this.tls.isOn ? connectTls({ ...address, ...this.tls.asClientOf(ROUTER) }) : connectTcp(address);
    try {
      await once(socket, 'connect', { signal: AbortSignal.timeout(answerMs) });
      if (this.tls.isOn) await once(socket, 'secureConnect', { signal: AbortSignal.timeout(CONNECT_MS) });
      return socket;
    } catch (error) {
      socket.on('error', () => undefined).destroy();
      throw error;
    }
  }
}
