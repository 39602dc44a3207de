import { isIPv4, isIPv6, SocketAddress } from 'node:net';

const MAPPED = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/;

/**
 * A client's address in one spelling: IPv4-mapped IPv6 becomes IPv4, a zone is cut off. Null for a text that is no
 * address, which a proxy may have let through from the caller.
 */
export function toClientAddress(text: string): string | null {
  const [bare = ''] = text.split('%');
  if (isIPv4(bare)) return bare;
  if (!isIPv6(bare)) return null;
  const { address } = new SocketAddress({ address: bare, family: 'ipv6' });
  return MAPPED.exec(address)?.[1] ?? address;
}

/** The network that an address of the above spelling belongs to for counting its guesses: an IPv4 /24 or an IPv6 /48, what one party usually has. */
export function networkOf(address: string | null): string {
  if (address === null) return 'unknown';
  if (isIPv4(address)) return address.split('.', 3).join('.');
  return leadingGroups(address).slice(0, 3).join(':');
}

/** The same network as a range that people read: `203.0.113.0/24`, `2001:db8:7::/48`; null for no address. */
export function networkRange(address: string | null): string | null {
  if (address === null) return null;
  const network = networkOf(address);
  return isIPv4(address) ? `${network}.0/24` : `${network}::/48`;
}

/** The groups of an IPv6 address in its canonical spelling; an IPv4 part, which only follows zeros, is taken for one. */
function leadingGroups(address: string): string[] {
  const [head = '', tail] = address.split('::');
  const before = groupsOf(head);
  if (tail === undefined) return before;
  const after = groupsOf(tail);
  return [...before, ...Array.from({ length: 8 - (before.length + after.length) }, () => '0'), ...after];
}

function groupsOf(part: string): string[] {
  return part === '' ? [] : part.split(':');
}
