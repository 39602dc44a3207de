import { ServiceError } from '@orgn/contracts';
import { z } from 'zod';

/** Most matches that one call may carry: what fits into the largest body. */
const MAX_MATCHES = 10_000;

/** One match of a secret scanner. What else it says is not looked at. */
export const leakReport = z.object({
  token: z.string().min(1).max(4_096),
  type: z.string().max(256),
  /** Where it was found; may be empty. */
  url: z.string().max(8_192).nullish(),
});
export type LeakReport = z.output<typeof leakReport>;

export const leakReports = z.array(leakReport).min(1).max(MAX_MATCHES);

/** Parses a report whose signature is good. @throws ServiceError `invalid_request`, never quoting it */
export function parseLeakReports(body: Buffer): LeakReport[] {
  const parsed = leakReports.safeParse(toJson(body));
  if (parsed.success) return parsed.data;
  throw new ServiceError('invalid_request', 'Send a JSON array of matches, each with a token, a type and a url.');
}

function toJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}

/** What a scanner is told of each match. The token is named by its SHA-256: it has been public for long enough. */
export interface LeakLabel {
  token_hash: string;
  token_type: string;
  label: 'true_positive' | 'false_positive';
}
