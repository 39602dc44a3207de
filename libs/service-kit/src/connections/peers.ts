import { BlockList, isIPv4 } from 'node:net';
import { networkOf, toClientAddress } from '../http/client-address.ts';

/** Who is at the other end of a connection: a network, or undefined for a proxy that stands in for many. */
export class Peers {
  readonly #proxies = new BlockList();

  /** @param proxies addresses and CIDR ranges */
  constructor(proxies: readonly string[]) {
    for (const range of proxies) {
      const [net = '', bits] = range.split('/', 2);
      const family = isIPv4(net) ? 'ipv4' : 'ipv6';
      this.#proxies.addSubnet(net, bits === undefined ? (family === 'ipv4' ? 32 : 128) : Number(bits), family);
    }
  }

  networkOf(remoteAddress: string | undefined): string | undefined {
    const address = toClientAddress(remoteAddress ?? '');
    const isProxy = address !== null && this.#proxies.check(address, isIPv4(address) ? 'ipv4' : 'ipv6');
    return isProxy ? undefined : networkOf(address);
  }
}
