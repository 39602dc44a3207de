import { randomBytes, randomUUID } from 'node:crypto';

const crockford = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** 32 random hex digits. */
export function hexId(): string {
  return randomUUID().replaceAll('-', '');
}

/** A ULID: 10 digits of time in milliseconds and 16 random ones, Crockford base32. */
export function ulid(now = Date.now()): string {
  let time = '';
  for (let rest = now, digit = 0; digit < 10; digit += 1, rest = Math.floor(rest / 32)) {
    time = crockford.charAt(rest % 32) + time;
  }
  return time + Array.from(randomBytes(16), (byte) => crockford.charAt(byte % 32)).join('');
}
