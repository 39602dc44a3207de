import { randomBytes } from 'node:crypto';

/** An id as Stripe's look: `cs_test_…`. */
export function newId(prefix: string): string {
  return `${prefix}_${randomBytes(12).toString('hex')}`;
}

/** Seconds since 1970. */
export function nowSeconds(): number {
  return Math.floor(Date.now() / 1_000);
}
