import type { ErrorCode } from '@orgn/contracts';
import { z } from 'zod';
import { dropped } from '../reading/listed.ts';

const reasons = new WeakMap<z.ZodType, string>();

/** Why a member is refused, for the documentation; undefined for one that is not. */
export const refusalOf = (schema: z.ZodType) => reasons.get(schema);

function fieldThat<T>(isHarmless: (value: unknown) => boolean, reason: string, code: ErrorCode) {
  const field = z.custom<T>(isHarmless, { error: reason, params: { code } }).optional();
  reasons.set(field, reason);
  return field;
}

/**
 * A field that other gateways and providers know and this one refuses, with the reason in the error. Its null is cut out
 * before, as every null that says what absence says.
 * @param reason completes "<field> must be left out: ..."
 * @param code what the refusal leaves as
 */
export const refused = (reason: string, code: ErrorCode = 'invalid_request') =>
  fieldThat<undefined>(() => false, `must be left out: ${reason}`, code);

/** The same for a switch that may be off. */
export const onlyFalse = (reason: string, code: ErrorCode = 'invalid_request') =>
  fieldThat<false | undefined>((value) => value === false, `must be false: ${reason}`, code);

/** The same for a list that may be empty. */
export const onlyEmpty = (reason: string, code: ErrorCode = 'invalid_request') =>
  fieldThat<[] | undefined>((value) => Array.isArray(value) && value.length === 0, `must be left out: ${reason}`, code);

const OWN_ROUTING = 'the model id alone decides where a request runs, and only the router sets provider options';
const NO_CACHE = 'caching options make a provider keep prompts, and this gateway retains nothing';

/** Fields that would choose a provider, its terms or its price: only the router sets those, so none may arrive. */
export const routingFields = {
  byok: refused(OWN_ROUTING),
  gateway: refused(OWN_ROUTING),
  only: refused(OWN_ROUTING),
  order: refused(OWN_ROUTING),
  plugins: refused('plugins share the prompt with further services'),
  provider: refused(OWN_ROUTING),
  providerOptions: refused(OWN_ROUTING),
  provider_options: refused(OWN_ROUTING),
  route: refused(OWN_ROUTING),
  transforms: refused('this gateway never changes a prompt'),
};

/** Fields that would make a provider keep the prompt or the answer, or share them. */
export const retentionFields = {
  background: onlyFalse('this gateway keeps no answer to fetch later'),
  cache: refused(NO_CACHE),
  caching: refused(NO_CACHE),
  moderation: refused('it shares the prompt with a second model'),
  prompt_cache_options: dropped(),
  prompt_cache_retention: z
    .enum(['in_memory', 'in-memory'], 'must be "in_memory": this gateway retains nothing')
    .nullish(),
  store: onlyFalse('this gateway retains nothing'),
};

/**
 * Marks of prompt caching on a part of a request. They pass where the operator's catalogue says that the model's provider
 * caches within what is promised (`promptCaching`); elsewhere the edge cuts them out.
 */
export const cacheMarks = {
  cache_control: z.strictObject({ type: z.literal('ephemeral'), ttl: z.enum(['5m', '1h']).optional() }).nullish(),
  prompt_cache_breakpoint: dropped(),
};
