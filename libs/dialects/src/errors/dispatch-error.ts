import { errorCodes } from '@orgn/contracts';
import { z } from 'zod';
import { longText, MAX_ENTRIES } from '@orgn/contracts';

/** Media type of a refusal on the hop between router and gateway, so that it is never taken for a provider's answer. */
export const DISPATCH_ERROR_TYPE = 'application/vnd.orgn.error+json';

/**
 * Header of a refusal, or trailer of a stream that ends by an error: the whole answer was there and is withheld, because its
 * usage could not be stored. Its value is the router's proof of that, so that the gateway can bear witness too.
 */
export const WITHHELD_HEADER = 'x-orgn-withheld';

/** A router's refusal, or a provider's own error in our words: what the gateway turns into the caller's envelope. */
export const dispatchError = z.object({
  code: z.enum(errorCodes),
  message: longText,
  param: longText.optional(),
  /** Checks of an enclave that did not pass. */
  checks: z
    .array(z.object({ id: z.string().regex(/^[a-z_]{1,64}$/), status: z.enum(['fail', 'unknown']) }))
    .max(MAX_ENTRIES)
    .optional(),
  /** A provider's own status, type and code where the caller is meant to see them (400, 404, 413, 422). */
  status: z.number().int().optional(),
  type: longText.optional(),
  providerCode: longText.optional(),
  retryAfterSeconds: z.number().optional(),
  /** It stays so until somebody does something about it: no repetition helps. */
  isLasting: z.boolean().optional(),
  /** The router that says so has not begun, for reasons of its own: another one may take the request. */
  isNotTaken: z.boolean().optional(),
  /** Methods that the endpoint has, for 405. */
  allow: z.array(longText).max(MAX_ENTRIES).optional(),
});
export type DispatchError = z.output<typeof dispatchError>;
