import { ServiceError, type RequestId, type UsageRow } from '@orgn/contracts';
import type { UsageRowEntity } from './usage-row.entity.ts';
import { toStorableText, type KeptWord } from './usage.sql.ts';

const optionalCounts = [
  'cachedTokens',
  'cacheWriteTokens',
  'reasoningTokens',
  'images',
  'audioSeconds',
  'searchUnits',
  'requests',
] as const;

type OptionalCounts = Partial<Record<(typeof optionalCounts)[number], number>>;

/** A row as others see it: what was not counted is absent. */
export function toUsageRow(entity: UsageRowEntity): UsageRow {
  const { requestId, teamId, keyId, ownerId, lineageId, instance, secondOf, claims, source } = entity;
  const { model, provider, execution, outcome, countedBy, witness, streamed, priceVersion } = entity;
  return {
    ...{ requestId, teamId, keyId, ownerId, lineageId, instance, secondOf, source },
    ...{ model, provider, execution, outcome, countedBy, witness, streamed, priceVersion },
    ...countsOf(entity),
    ...(claims && { claims }),
    ...(entity.receiptDue && { receiptDue: true }),
    promptTokens: toSafeNumber(entity.promptTokens),
    completionTokens: toSafeNumber(entity.completionTokens),
    costNanoUsd: toSafeNumber(entity.costNanoUsd),
    durationMs: toSafeNumber(entity.durationMs),
    startedAt: entity.startedAt.toISOString(),
    recordedAt: entity.recordedAt.toISOString(),
  };
}

/** The row that a word has just written, as others see it. */
export function toWrittenRow(word: KeptWord, recordedAt: Date): UsageRow {
  const { teamId, keyId, ownerId, lineageId, instance, secondOf, claims, source } = word;
  const { execution, outcome, countedBy, witness, streamed, promptTokens, completionTokens } = word;
  return {
    ...{ requestId: word.requestId.toLowerCase() as RequestId, teamId, keyId, ownerId, lineageId, instance, secondOf },
    ...{ source, execution, outcome, countedBy, witness, streamed, promptTokens, completionTokens },
    ...Object.fromEntries(optionalCounts.flatMap((name) => (word[name] === undefined ? [] : [[name, word[name]]]))),
    ...(claims && { claims }),
    ...(word.receiptDue && { receiptDue: true }),
    model: toStorableText(word.model),
    provider: toStorableText(word.provider),
    priceVersion: toStorableText(word.priceVersion),
    costNanoUsd: word.costNanoUsd,
    durationMs: word.durationMs,
    startedAt: new Date(word.startedAt).toISOString(),
    recordedAt: recordedAt.toISOString(),
  };
}

function countsOf(entity: UsageRowEntity): OptionalCounts {
  const counts: OptionalCounts = {};
  for (const name of optionalCounts) if (entity[name] !== null) counts[name] = toSafeNumber(entity[name]);
  return counts;
}

/** @throws ServiceError `internal` for a number that JSON would round: no answer is better than a wrong one */
export function toSafeNumber(digits: string): number {
  const value = Number(digits);
  if (!Number.isSafeInteger(value)) throw new ServiceError('internal', 'A total is too large to be shown exactly.');
  return value;
}
