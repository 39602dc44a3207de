import { errorCodes } from '@orgn/contracts';
import { z } from 'zod';

/** How the console host refuses: problem details (RFC 9457), with our code and the fields at fault. */
export const problem = z.object({
  /** `urn:orgn-gateway:problem:<code>`. */
  type: z.string(),
  /** What the status means. */
  title: z.string(),
  status: z.number().int(),
  code: z.enum(errorCodes),
  /** What happened and what to do. */
  detail: z.string(),
  /** The fields at fault: their paths in the request (`budgets.total`) and what is wrong with each. */
  errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
  /** Where a person goes to mend it: to sign in again, for one. */
  action: z.string().optional(),
  requestId: z.string(),
});
export type Problem = z.output<typeof problem>;

export const PROBLEM_TYPE = 'application/problem+json';
