import { boundedRecord } from '@orgn/contracts';
import { z } from 'zod';
import { dropped } from '../reading/listed.ts';
import { label } from './bounds.ts';

/** A model id as callers write it. Whether it exists is the catalogue's question. */
export const modelId = z.string().min(1, 'must not be empty').max(128, 'must have at most 128 characters');

/** What this gateway adds to OpenAI's requests. No provider ever sees these members. */
export const gatewayFields = {
  /** Models to try in this order when `model` cannot answer. There is no fallback but those that the caller lists. */
  models: z.array(modelId).min(1, 'must name at least one model').max(4, 'must name at most 4 models').nullish(),
  /** `include: true` adds `usage.cost` (USD) to the answer. */
  usage: z.strictObject({ include: z.boolean() }).nullish(),
};

/**
 * Members that end at this gateway. `metadata` labels stored completions and nothing is stored; `user` and
 * `safety_identifier` would let a provider keep a record of one person, and no answer depends on them; the catalogue's
 * prices are those of the default `service_tier`, and providers say in the answer which tier they used.
 */
export const droppedMembers = ['models', 'usage', 'metadata', 'user', 'safety_identifier', 'service_tier'];

/** Up to 16 labels of a caller, as OpenAI bounds them. */
export const metadata = boundedRecord(z.string().max(64), z.string().max(512), 16);

export const serviceTier = z.enum(['auto', 'default', 'flex', 'scale', 'priority', 'fast', 'ultrafast']);

/** Hints of clients about themselves, which no answer depends on. */
export const clientHints = {
  client_metadata: dropped(),
  extra_headers: dropped(),
  litellm_metadata: dropped(),
};

/** Who uses the caller's product: accepted, and dropped before a provider sees it. */
export const callerFields = {
  user: label.nullish(),
  safety_identifier: label.nullish(),
};

export const streamOptions = z.strictObject({
  include_usage: z.boolean().optional(),
  include_obfuscation: z.boolean().optional(),
  continuous_usage_stats: dropped(),
});
