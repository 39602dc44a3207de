import { errorCodes, longText, MAX_ENTRIES, shortText } from '@orgn/contracts';
import { z } from 'zod';

/** How the console host refuses: problem details (RFC 9457), with our code and the fields at fault. */
export const problem = z.object({
  /** `urn:orgn-gateway:problem:<code>`. */
  type: shortText,
  /** What the status means. */
  title: shortText,
  status: z.number().int(),
  code: z.enum(errorCodes),
  /** What happened and what to do. */
  detail: longText,
  /** The fields at fault: their paths in the request (`budgets.total`) and what is wrong with each. */
  errors: z
    .array(z.object({ path: shortText, message: longText }))
    .max(MAX_ENTRIES)
    .optional(),
  /** Where a person goes to mend it: to sign in again, for one. */
  action: shortText.optional(),
  requestId: shortText,
});
export type Problem = z.output<typeof problem>;

export const PROBLEM_TYPE = 'application/problem+json';
