import { BlockList, isIPv4 } from 'node:net';
import { RecentMap } from '@orgn/service-kit';

/** Parsed lists are kept because parsing is the dear part; what a key is limited to is still asked every time. */
const parsed = new RecentMap<string, AddressRanges>(256);

/** Whether an address lies in one of the ranges. A text that is no address lies in none. */
export function isInside(address: string | null, ranges: readonly string[]): boolean {
  if (address === null) return false;
  const name = ranges.join(',');
  return (parsed.get(name) ?? parsed.set(name, new AddressRanges(ranges))).includes(address);
}

/** IPv4 and IPv6 apart: `::/0` must not let IPv4 in, only ranges of IPv4-mapped addresses speak of both. */
class AddressRanges {
  readonly #ipv4 = new BlockList();
  readonly #ipv6 = new BlockList();

  constructor(ranges: readonly string[]) {
    for (const range of ranges) {
      const [net = '', bits] = range.split('/', 2);
      const family = isIPv4(net) ? 'ipv4' : 'ipv6';
      const prefix = bits === undefined ? (family === 'ipv4' ? 32 : 128) : Number(bits);
      const list = family === 'ipv4' || /^::ffff:/i.test(net) ? this.#ipv4 : this.#ipv6;
      list.addSubnet(net, prefix, family);
    }
  }

  includes(address: string): boolean {
    return isIPv4(address) ? this.#ipv4.check(address, 'ipv4') : this.#ipv6.check(address, 'ipv6');
  }
}
