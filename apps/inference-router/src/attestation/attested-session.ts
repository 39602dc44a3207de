import type { AttestationPolicy, SessionEvidence, VerifiedSession } from '@orgn/attestation';
import type { FailedCheck } from '@orgn/contracts';
import type { ProviderName } from '../providers/provider.ts';

/** An enclave that was verified, with everything that the verification rests on. */
export interface AttestedSession {
  /** `sha256:` and the hex digest of its evidence's canonical JSON. */
  readonly id: string;
  readonly provider: ProviderName;
  readonly evidence: SessionEvidence;
  readonly verified: VerifiedSession;
  /** What was demanded, with the measurements that were approved. */
  readonly policy: AttestationPolicy;
  /** SHA-256 (hex) of the SubjectPublicKeyInfo of the TLS key. */
  readonly spkiSha256: string;
  /** The time that its evidence was verified at, in milliseconds since 1970. */
  readonly verifiedAt: number;
  /** When its report was asked for, and until when it counts, in milliseconds since 1970. */
  readonly establishedAt: number;
  readonly expiresAt: number;
}

/** What is claimed of the connection that carried a request, weaker first. */
export type ConnectionClaim = 'key_attested' | 'instance_attested';

/** Required checks of a verification that did not pass. */
export const failedChecks = ({ verdict }: VerifiedSession): FailedCheck[] => [
  ...verdict.failed.map((id) => ({ id, status: 'fail' as const })),
  ...verdict.unknown.map((id) => ({ id, status: 'unknown' as const })),
];
