const LAST_MS = 2 ** 48 - 1;

/**
 * The smallest UUIDv7-like id of a moment (epoch ms): every request id minted at or after it compares greater or equal.
 * Ids lead with their time, so a bound on the id finds rows by time and spares the partitions before it.
 */
export function lowestRequestIdAt(ms: number): string {
  const time = Math.min(Math.max(Math.floor(ms), 0), LAST_MS)
    .toString(16)
    .padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-0000-0000-000000000000`;
}
