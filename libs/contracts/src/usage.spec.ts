import { describe, expect, test } from '@jest/globals';
import { toUsageEvent, usageRank, type UsageRecord, type UsageVoice } from './usage.ts';

const record = {
  teamId: 'team_a',
  requestId: 'r',
  outcome: 'completed',
  startedAt: '2026-01-01T00:00:00.000Z',
  durationMs: 1_500,
} as UsageRecord;
const voice = { witness: 'gateway', instance: 'gateway-1', ticket: null } as UsageVoice;

describe('a usage word', () => {
  test('carries a seal and a price when there are any, and says nothing of them otherwise', () => {
    const price = { input: '1', output: '2' } as NonNullable<UsageVoice['price']>;
    expect(toUsageEvent(record, { ...voice, seal: 's', price }).data).toMatchObject({ seal: 's', price });
    expect(Object.keys(toUsageEvent(record, voice).data)).toEqual([...Object.keys(record), 'instance', 'ticket']);
  });

  test('has the end of its request for its time', () => {
    expect(toUsageEvent(record, voice).time).toBe('2026-01-01T00:00:01.500Z');
  });

  test('of a router outranks one of a gateway, and that an answer was withheld outranks both', () => {
    const ranks = (['completed', 'cancelled', 'failed', 'withheld'] as const).map((outcome) => [
      usageRank({ witness: 'gateway', outcome }),
      usageRank({ witness: 'router', outcome }),
    ]);
    expect(ranks).toEqual([
      [1, 2],
      [1, 2],
      [1, 2],
      [3, 3],
    ]);
  });
});
