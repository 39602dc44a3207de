import { randomBytes } from 'node:crypto';
import {
  toUsageEvent,
  usageRecord,
  type UsageEvent,
  type UsageRecord,
  type UsageVoice,
  type UsageWitness,
} from '@orgn/contracts';
import { mintTicket, noLimits, type Admission } from '@orgn/service-kit';
import { admissionSettings } from '@orgn/service-kit/settings';
import { z } from 'zod';
import type { UsageWord } from './usage-word.ts';

type Overrides = Partial<z.input<typeof usageRecord>>;

/** The keys that services of tests have. */
export const testKeys = z
  .object(admissionSettings)
  .parse({ ADMISSION_KEYS: `test:${Buffer.alloc(32, 'admission').toString('base64url')}` }).ADMISSION_KEYS;

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

/** A word as its ticket proves it. */
export function makeWord(overrides: Overrides = {}, witness: UsageWitness = 'router'): UsageWord {
  const usage = makeUsage(overrides);
  return {
    ...usage,
    source: 'api',
    hold: null,
    witness,
    instance: `${witness}-1`,
    ownerId: null,
    lineageId: usage.keyId,
  };
}

/** What the registry said of a request, if it began when its usage says. */
export function makeTicketFor(usage: UsageRecord, overrides: Partial<Admission> = {}): string {
  const { requestId, keyId, teamId } = usage;
  const ids = { source: 'api' as const, requestId, keyId, teamId, ownerId: null, lineageId: keyId };
  const limits = { executionPolicy: 'any' as const, ...noLimits };
  return mintTicket(testKeys, { ...ids, ...limits, admittedAtMs: Date.parse(usage.startedAt), ...overrides }, null);
}

/** One witness's event about a request, with its ticket. */
export function makeUsageEvent(
  overrides: Overrides = {},
  witness: UsageWitness = 'router',
  voice: Partial<UsageVoice> = {},
): UsageEvent {
  const usage = makeUsage(overrides);
  return toUsageEvent(usage, { witness, instance: `${witness}-1`, ticket: makeTicketFor(usage), ...voice });
}
