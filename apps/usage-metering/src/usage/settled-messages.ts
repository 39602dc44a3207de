import type { UsageRow } from '@orgn/contracts';

/** Well under the bus's payload limit of 1 MiB, in bytes. */
export const MAX_MESSAGE_BYTES = 500_000;

/** A UTF-16 unit becomes 6 bytes of JSON at most (`\u0000`). */
const BYTES_PER_UNIT = 6;
/** A row's member names, numbers, times, ids and claims, with room to spare. */
const ROW_BYTES = 3_000;

/**
 * Splits what was settled into parts that the bus can carry, in order. Sizes are upper bounds, because writing JSON only
 * to measure it would double the work.
 * @param sizeOf most bytes of an item in a message
 */
export function inMessages<T>(
  items: readonly T[],
  sizeOf: (item: T) => number,
  maxBytes = MAX_MESSAGE_BYTES,
): [T, ...T[]][] {
  const messages: [T, ...T[]][] = [];
  let room = 0;
  for (const item of items) {
    const size = sizeOf(item);
    const last = messages.at(-1);
    if (last && size <= room) {
      last.push(item);
      room -= size;
    } else {
      messages.push([item]);
      room = maxBytes - size;
    }
  }
  return messages;
}

/** Most bytes that an event id takes in a message. */
export function idSize(id: string): number {
  return id.length * BYTES_PER_UNIT + 3;
}

/** Most bytes that what is said of a hold takes in a message. */
export const holdSize = () => 256;

/** Most bytes that a row takes in a message. */
export function rowSize(row: UsageRow): number {
  return ROW_BYTES + (row.model.length + row.provider.length + row.priceVersion.length) * BYTES_PER_UNIT;
}
