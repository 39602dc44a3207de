import { BlockList, isIPv4 } from 'node:net';
import { addressRange } from '@orgn/contracts';
import { z } from 'zod';
import { toClientAddress } from '../http/client-address.ts';
import type { Rule } from './rules.ts';

/** Nobody's proxies are more than an IPv4 /8 or an IPv6 /16; the addresses that sites give themselves are a /7. */
const BROADEST = { ipv4: 8, ipv6: 16, local: 7 };
const NONE = 'none';
const RULE = `must be TRUSTED_PROXIES=${NONE}, or addresses and CIDR ranges of your own proxies, such as TRUSTED_PROXIES=10.0.0.7,fd00:0:0:7::/64`;

/**
 * Proxies in front of an HTTP host whose X-Forwarded-For is believed: `none`, or addresses and CIDR ranges, separated by
 * commas. A range in which strangers can have an address is refused: with it anybody could claim to be anybody.
 * Undefined: nothing was said, which development takes for none and production refuses (`requireTrustedProxies`).
 */
export const trustedProxies = z
  .string()
  .transform((text) => (text.trim().toLowerCase() === NONE ? [] : text.split(',').map((range) => range.trim())))
  .refine((ranges) => ranges.every(isNarrow), RULE)
  .optional();

/**
 * In production whoever deploys says what stands in front: a wrong guess makes all callers one address, or lets each
 * choose their own.
 */
export const requireTrustedProxies: Rule = ({ NODE_ENV, TRUSTED_PROXIES }) => {
  if (NODE_ENV !== 'production' || TRUSTED_PROXIES !== undefined) return [];
  const message = `TRUSTED_PROXIES is not set: add the line TRUSTED_PROXIES=${NONE} where callers connect to this host themselves, or the addresses of the proxies in front of it, such as TRUSTED_PROXIES=10.0.0.7`;
  return [{ name: 'TRUSTED_PROXIES', message }];
};

function isNarrow(range: string): boolean {
  if (!addressRange.safeParse(range).success) return false;
  const [net = '', bits] = range.split('/', 2);
  const width = isIPv4(net) ? 32 : 128;
  const prefix = bits === undefined ? width : Number(bits);
  const address = toClientAddress(net) ?? net;
  // IPv4 may be written as IPv6, where its addresses begin after 96 bits.
  if (isIPv4(address)) return prefix - (width - 32) >= BROADEST.ipv4;
  return prefix >= broadest(address) && !holdsIPv4(address, prefix);
}

function broadest(ipv6: string): number {
  return /^f[cd]/.test(ipv6) ? BROADEST.local : BROADEST.ipv6;
}

function holdsIPv4(address: string, prefix: number): boolean {
  const range = new BlockList();
  range.addSubnet(address, prefix, 'ipv6');
  return range.check('::ffff:203.0.113.7', 'ipv6');
}
