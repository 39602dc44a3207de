import type { Measurements } from '../policy/measurement-rule.ts';
import type { TcbStatus } from '../policy/policy.ts';
import type { ReportForm } from '../policy/report-form.ts';

/** A key that the quote names. */
export interface SigningKey {
  readonly algorithm: 'ecdsa' | 'ed25519';
  /** Lower-case hex without `0x`: the 20 bytes of an Ethereum address, or the 32 bytes of an ed25519 key. */
  readonly address: string;
  /** Lower-case hex: 65 bytes (04 first) for ecdsa, 32 for ed25519; null when the report names the address alone. */
  readonly publicKey: string | null;
}

/** What a verification found. Facts are true only where the checks that they rest on passed. */
export interface SessionFacts {
  readonly form: ReportForm | null;
  readonly signers: readonly SigningKey[];
  /** SHA-256 (hex) of the SubjectPublicKeyInfo that the quote names. */
  readonly tlsSpkiSha256: string | null;
  readonly measurements: Measurements | null;
  readonly tcb: {
    readonly status: TcbStatus;
    readonly advisories: readonly string[];
    readonly fmspc: string;
    readonly evaluation: number;
  } | null;
  readonly gpus: { readonly count: number; readonly arch: string | null } | null;
  /** Names of the pinned roots that chains ended in. */
  readonly roots: readonly string[];
  /** A development root is among them: whatever passed proves nothing to anybody else. */
  readonly developmentRoot: boolean;
}
