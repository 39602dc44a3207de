import type { ErrorCode } from '@orgn/contracts';
import { z } from 'zod';

const fieldThat = <T>(isHarmless: (value: unknown) => boolean, error: string, code: ErrorCode) =>
  z.custom<T>(isHarmless, { error, params: { code } }).optional();

/**
 * A field that other gateways and providers know and this one refuses, with the reason in the error.
 * @param reason completes "<field> must be left out: ..."
 * @param code what the refusal leaves as
 */
export const refused = (reason: string, code: ErrorCode = 'invalid_request') =>
  fieldThat<undefined>(() => false, `must be left out: ${reason}`, code);

/** The same for a field that SDKs also send as `null`, which says as much as its absence. */
export const onlyNull = (reason: string, code: ErrorCode) =>
  fieldThat<null | undefined>((value) => value === null, `must be left out: ${reason}`, code);

/** The same for a switch that may be off. */
export const onlyFalse = (reason: string, code: ErrorCode = 'invalid_request') =>
  fieldThat<false | null | undefined>((value) => value === false || value === null, `must be false: ${reason}`, code);

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
  cache_control: refused(NO_CACHE),
  caching: refused(NO_CACHE),
  moderation: refused('it shares the prompt with a second model'),
  prompt_cache_options: refused(NO_CACHE),
  prompt_cache_retention: z
    .enum(['in_memory', 'in-memory'], 'must be "in_memory": this gateway retains nothing')
    .nullish(),
  store: onlyFalse('this gateway retains nothing'),
};

/** Marks of prompt caching on one part of a message. */
export const cacheMarks = { cache_control: refused(NO_CACHE), prompt_cache_breakpoint: refused(NO_CACHE) };
