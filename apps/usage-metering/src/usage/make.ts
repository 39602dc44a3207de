import { randomBytes } from 'node:crypto';
import { toUsageEvent, usageRecord, type UsageEvent, type UsageRecord, type UsageWitness } from '@orgn/contracts';
import type { z } from 'zod';

type Overrides = Partial<z.input<typeof usageRecord>>;

/** A UUIDv7 of a moment (epoch ms). */
export function makeRequestId(ms = Date.now()): string {
  const bytes = randomBytes(16);
  bytes.writeUIntBE(ms, 0, 6);
  bytes.writeUInt8(0x70 | (bytes.readUInt8(6) & 0x0f), 6);
  bytes.writeUInt8(0x80 | (bytes.readUInt8(8) & 0x3f), 8);
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** What a completed answer used. */
export function makeUsage(overrides: Overrides = {}): UsageRecord {
  return usageRecord.parse({
    requestId: makeRequestId(),
    teamId: 'team_acme',
    keyId: `key_${'0'.repeat(32)}`,
    model: 'near_qwen3_30b',
    provider: 'near',
    execution: 'tee',
    outcome: 'completed',
    countedBy: 'provider',
    streamed: false,
    promptTokens: 20,
    completionTokens: 10,
    costNanoUsd: 7_500,
    priceVersion: 'prices-1',
    startedAt: new Date().toISOString(),
    durationMs: 250,
    ...overrides,
  });
}

/** One witness's event about a request. */
export function makeUsageEvent(overrides: Overrides = {}, witness: UsageWitness = 'router'): UsageEvent {
  return toUsageEvent(makeUsage(overrides), { witness, instance: `${witness}-1`, ticket: null });
}
