import { expect } from '@jest/globals';
import { eventually, type Stack } from '../stack.ts';
import type { Streamed } from './stream-reader.ts';

/** Heartbeats find a dead peer within 5 s; half a second more is for who watches. */
const MOST_MS = 5_500;

/**
 * Of streams that were under way when a router was lost: those on it have ended soon after, with an error, and each of all is charged
 * once.
 * @param since when it was lost; of the monotonic clock
 * @returns figures for a person
 */
export async function expectLostSoon(stack: Stack, streams: readonly Streamed[], since: number): Promise<string> {
  const lost = streams.filter(({ isWhole }) => !isWhole);
  const endedMs = lost.map(({ endedAt }) => endedAt - since);
  const codes = [...new Set(lost.map(({ code }) => code))];
  expect(lost.length).toBeGreaterThan(0);
  expect(codes).not.toContain(undefined);
  expect(Math.max(...endedMs)).toBeLessThanOrEqual(MOST_MS);
  await eventually(async () => {
    const rows = await stack.usage();
    for (const { requestId } of streams) expect(rows.filter((row) => row.requestId === requestId)).toHaveLength(1);
  }, 60_000);
  const after = endedMs.map((ms) => ms.toFixed(0)).join(', ');
  return `${lost.length} of ${streams.length} streams were on it, ended after ${after} ms with ${codes.join(', ')}`;
}
