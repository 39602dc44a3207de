import type { AttestedSession } from '../attestation/attested-session.ts';
import type { SessionRecord } from './session-document.ts';

/** A session as receipts tell it. */
export function sessionRecordOf({
  id,
  provider,
  spkiSha256,
  policy,
  verified,
  verifiedAt,
}: AttestedSession): SessionRecord {
  const { verdict, checks } = verified;
  return {
    provider,
    spki_sha256: spkiSha256,
    policy: shared(policy),
    session: { evidence: id, verified_at: verifiedAt, verdict: shared(verdict), checks: shared(checks) },
  };
}

/** Types of the library are for reading only, those of the form are not; nobody writes, so receipts of a session share what it says. */
export function shared<Form>(value: unknown): Form {
  return value as Form;
}
