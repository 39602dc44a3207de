import type { PreparedStatement } from '@orgn/database';
import { usageRank, type BillingMode, type RequestId } from '@orgn/contracts';
import type { ColumnValue } from './array-text.ts';
import type { UsageWord } from './usage-word.ts';

/** A word as a row will have it. */
export type KeptWord = UsageWord & { secondOf: RequestId | null; billing: BillingMode };

/** What a word writes: column, element type and value. One array a column keeps any batch within one statement. */
export const settledColumns: [name: string, type: string, valueOf: (word: KeptWord) => ColumnValue][] = [
  ['request_id', 'uuid', (word) => word.requestId],
  ['team_id', 'text', (word) => word.teamId],
  ['key_id', 'text', (word) => word.keyId],
  ['owner_id', 'text', (word) => word.ownerId],
  ['lineage_id', 'text', (word) => word.lineageId],
  ['model', 'text', (word) => toStorableText(word.model)],
  ['provider', 'text', (word) => toStorableText(word.provider)],
  ['execution', 'text', (word) => word.execution],
  ['outcome', 'text', (word) => word.outcome],
  ['counted_by', 'text', (word) => word.countedBy],
  ['witness', 'text', (word) => word.witness],
  ['instance', 'text', (word) => word.instance],
  ['streamed', 'boolean', (word) => word.streamed],
  ['prompt_tokens', 'bigint', (word) => word.promptTokens],
  ['completion_tokens', 'bigint', (word) => word.completionTokens],
  ['cached_tokens', 'bigint', (word) => word.cachedTokens ?? null],
  ['cache_write_tokens', 'bigint', (word) => word.cacheWriteTokens ?? null],
  ['reasoning_tokens', 'bigint', (word) => word.reasoningTokens ?? null],
  ['images', 'bigint', (word) => word.images ?? null],
  ['audio_seconds', 'bigint', (word) => word.audioSeconds ?? null],
  ['search_units', 'bigint', (word) => word.searchUnits ?? null],
  ['requests', 'bigint', (word) => word.requests ?? null],
  ['claims', 'jsonb', (word) => (word.claims ? JSON.stringify(word.claims) : null)],
  ['cost_nano_usd', 'bigint', (word) => word.costNanoUsd],
  ['price_version', 'text', (word) => toStorableText(word.priceVersion)],
  ['started_at', 'timestamptz', (word) => new Date(word.startedAt)],
  ['duration_ms', 'bigint', (word) => word.durationMs],
  ['rank', 'smallint', usageRank],
  ['source', 'text', (word) => word.source],
  ['second_of', 'uuid', (word) => word.secondOf],
  ['hold', 'text', (word) => word.hold ?? null],
  ['billing', 'text', (word) => word.billing],
  ['receipt_due', 'boolean', (word) => word.receiptDue ?? false],
];

const names = settledColumns.map(([name]) => name);
const arrays = settledColumns.map(([, type], index) => `$${index + 1}::${type}[]`);
/** A word that corrects another is charged the way that the first one was. */
const fixed = ['request_id', 'billing'];
const replaced = [...names.filter((name) => !fixed.includes(name)), 'recorded_at'];

/**
 * Its own transaction: one statement. The clock is the database's. A router's row yields only to a higher word of the same
 * router on the same admission, and to a gateway's that the answer was withheld: no other of a gateway's is higher.
 */
export const KEEP: PreparedStatement = {
  name: 'keep-usage',
  text: `
  INSERT INTO usage_rows (${names.join(', ')}, recorded_at)
  SELECT word.*, clock_timestamp() FROM unnest(${arrays.join(', ')}) AS word
  ON CONFLICT (request_id) DO UPDATE SET ${replaced.map((name) => `${name} = excluded.${name}`).join(', ')}
  WHERE excluded.rank > usage_rows.rank AND ('gateway' IN (usage_rows.witness, excluded.witness) OR ROW(usage_rows.instance, usage_rows.key_id,
    usage_rows.started_at) IS NOT DISTINCT FROM ROW(excluded.instance, excluded.key_id, excluded.started_at))
  RETURNING request_id AS "requestId", recorded_at AS "recordedAt"`,
};

/** Which of these routers' words found the row of another run, and whether that is charged. */
export const SECONDS: PreparedStatement = {
  name: 'find-second-runs',
  text: `
  SELECT u.request_id AS id, u.outcome <> 'withheld' AS "isCharged"
  FROM unnest($1::uuid[], $2::text[], $3::text[], $4::timestamptz[]) AS word (id, instance, key_id, started_at)
  JOIN usage_rows u ON u.request_id = word.id AND u.witness = 'router'
  WHERE ROW(u.instance, u.key_id, u.started_at) IS DISTINCT FROM ROW(word.instance, word.key_id, word.started_at)`,
};

export const SUM_BY_TEAM = `
  SELECT count(*) AS requests, coalesce(sum(prompt_tokens), 0) AS "promptTokens",
    coalesce(sum(completion_tokens), 0) AS "completionTokens", coalesce(sum(cost_nano_usd), 0) AS "costNanoUsd"
  FROM usage_rows WHERE team_id = $1 AND started_at >= $2::timestamptz`;

/** Postgres text takes no NUL: one such event would fail its batch, and so hold up all others for ever. Halves of characters it never gets. */
export function toStorableText(text: string): string {
  return text.replaceAll('\0', '\uFFFD').toWellFormed();
}
