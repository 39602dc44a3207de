import { hash, randomBytes } from 'node:crypto';
import { SigningKey } from './der/signing-key.ts';
import type { SigningAlgorithm } from './enclave/answer-keys.ts';
import type { Enclave } from './enclave/enclave.ts';
import type { Fault } from './faults.ts';
import { collateralOf, type Collateral } from './intel/collateral.ts';
import type { Intel } from './intel/intel.ts';
import { collateralFaultsOf, nrasFaultOf } from './makers-faults.ts';
import type { Nras } from './nvidia/nras.ts';
import { aciReport } from './reports/aci-report.ts';
import { chutesReport } from './reports/chutes-report.ts';
import { gpuPayload } from './reports/gpu-payload.ts';
import { nearReport } from './reports/near-report.ts';
import { nonceUnder } from './reports/nonce.ts';
import { phalaReport } from './reports/phala-report.ts';

/** Who makes evidence together. */
export interface EvidenceParts {
  readonly intel: Intel;
  readonly nras: Nras;
  readonly enclave: Enclave;
}

export interface EvidenceQuestion {
  readonly form?: 'near' | 'phala' | 'aci';
  readonly algorithm?: SigningAlgorithm;
  /** The quote names the TLS key; otherwise only the key of answers. */
  readonly isTlsBound?: boolean;
  readonly fault?: Fault | undefined;
  readonly nonce?: string;
  /** The name of a TLS key: connections of the same name end in the same one. Absent: in one of their own. */
  readonly tlsKey?: string;
}

const tlsKeys = new Map<string, Buffer>();

function tlsKeyOf(name: string | undefined): Buffer {
  const known = name === undefined ? undefined : tlsKeys.get(name);
  const spki = known ?? SigningKey.generate('P-256').spki;
  if (name !== undefined) tlsKeys.set(name, spki);
  return spki;
}

/** What a verifier has of a session: the members that `SessionEvidence` of libs/attestation has. */
export interface MadeEvidence {
  readonly report: string;
  readonly nonce: string;
  readonly peerSpki: string;
  readonly collateral: readonly Collateral[];
  readonly nras: { readonly response: string; readonly jwks: string };
}

/** Asks for a report and for all that it is checked by, as a verifier does, without a network. */
export function sessionEvidence(
  { intel, nras, enclave }: EvidenceParts,
  question: EvidenceQuestion = {},
): MadeEvidence {
  const { fault, nonce = randomBytes(32).toString('hex') } = question;
  const tls = tlsKeyOf(question.tlsKey);
  const payload = gpuPayload(enclave, nonceUnder(fault, nonce), fault);
  const peer = fault === 'swapped_tls_key' ? SigningKey.generate('P-256').spki : tls;
  return {
    report: JSON.stringify(reportOf(enclave, { ...question, nonce }, hash('sha256', tls))),
    nonce,
    peerSpki: peer.toString('base64'),
    collateral: [collateralOf(intel, collateralFaultsOf(fault))],
    nras: { response: JSON.stringify(nras.attest(payload, nrasFaultOf(fault))), jwks: JSON.stringify(nras.jwks()) },
  };
}

function reportOf(enclave: Enclave, question: EvidenceQuestion & { nonce: string }, tlsSpkiSha256: string): object {
  const { form = 'near', fault, nonce, algorithm = 'ecdsa', isTlsBound = true } = question;
  if (fault === 'chutes_shaped_answer') return chutesReport(enclave);
  if (form === 'aci')
    return aciReport(enclave, { nonce, domain: 'localhost', tlsSpkiSha256, notAfter: 4_000_000_000, fault });
  const asked = { nonce, algorithm, fault, tlsSpkiSha256: isTlsBound ? tlsSpkiSha256 : undefined };
  return form === 'near' ? nearReport(enclave, asked) : phalaReport(enclave, asked);
}
