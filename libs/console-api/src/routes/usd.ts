import { usdAmount } from '@orgn/contracts';
import { z } from 'zod';

/**
 * USD as callers may write it: a decimal string, or a JSON number when it has at most nine decimal places. What is kept is
 * the exact string of the digits that the number was written with.
 */
export const usdInput = z.union(
  [usdAmount, z.number().min(0).lt(1e9).transform(toDecimal).pipe(usdAmount)],
  'must be USD as a decimal like "25.00", with at most 9 decimal places',
);

/** JavaScript writes a number with the fewest digits that name it; below 1e-6 it does so with an exponent. */
function toDecimal(value: number): string {
  const text = String(value);
  const [, digits, decimals, exponent] = /^(\d)(?:\.(\d+))?e-(\d+)$/.exec(text) ?? [];
  if (digits === undefined) return text;
  return `0.${'0'.repeat(Number(exponent) - 1)}${digits}${decimals ?? ''}`;
}
