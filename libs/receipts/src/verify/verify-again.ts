import {
  canonicalJson,
  verifySession,
  type AttestationPolicy,
  type Check,
  type VerifiedSession,
} from '@orgn/attestation';
import type { Bundle } from '../form/bundle.ts';
import type { ReceiptSession } from '../form/receipt.ts';
import type { ReceiptQuestion } from './question.ts';

export interface Again {
  readonly own: VerifiedSession;
  /** Where the receipt says something else than its evidence, by its own policy. */
  readonly faults: readonly string[];
}

/** Verifies evidence at the time that it was verified at, by the policy of whoever verifies and by the one that is named. */
export async function verifyAgain(
  bundle: Bundle,
  { session, policy }: { session: ReceiptSession; policy: AttestationPolicy },
  question: ReceiptQuestion,
): Promise<Again> {
  const evidence = bundle.evidence[session.evidence];
  if (!evidence) throw new TypeError('the evidence was checked to be there');
  const given = { roots: question.roots, at: session.verified_at, crypto: question.crypto };
  const own = await verifySession(evidence, { ...given, policy: question.policy });
  const theirs = await verifySession(evidence, { ...given, policy });
  const sameVerdict = canonicalJson(theirs.verdict) === canonicalJson(session.verdict);
  return { own, faults: [...differences(session.checks, theirs.checks), ...(sameVerdict ? [] : ['the verdict'])] };
}

/** Checks that the receipt says and that came out otherwise; what cannot be made again is not compared. */
export function differences(said: readonly Check[], found: readonly Check[]): string[] {
  const byId = new Map(found.map((check) => [check.id, check.status]));
  return said.filter(({ id, status }) => byId.has(id) && byId.get(id) !== status).map(({ id }) => id);
}
