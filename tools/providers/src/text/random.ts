import { hash } from 'node:crypto';

/** Numbers in [0, 1) that depend on the seed only. */
export type Random = () => number;

/** A repeatable random source for the given parts; equal parts give equal numbers in every process. */
export function randomFrom(...parts: readonly (string | number)[]): Random {
  let state = Number.parseInt(hash('sha256', parts.join('\u0000')).slice(0, 8), 16);
  // mulberry32: small, fast and good enough for choosing words.
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** A whole number from 0 to `below` - 1. */
export function pick(random: Random, below: number): number {
  return Math.floor(random() * below);
}
