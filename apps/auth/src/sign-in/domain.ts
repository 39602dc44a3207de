import { domainToASCII } from 'node:url';

const NAME = /^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]([a-z0-9-]*[a-z0-9])$/;

/**
 * A domain of addresses as DNS knows it, in ASCII and lower case. Undefined for what is none: a pattern, a top-level domain,
 * an address of a host, or a text of which only a part would be one.
 */
export function toDomain(text: string): string | undefined {
  // A URL parser, which is what translates, would take what follows these for something else and leave it away.
  if (/[\s/?#:@\\%]/.test(text)) return undefined;
  const name = domainToASCII(text);
  return NAME.test(name) ? name : undefined;
}
