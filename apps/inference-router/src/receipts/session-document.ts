import type { Check, CheckId } from '@orgn/attestation';
import type { Receipt } from '@orgn/receipts';
import type { NamedEvidence } from '../archive/contents.repository.ts';

/** What receipts say of the enclave that they name. */
export type SessionRecord = Pick<Receipt['orgn'], 'policy' | 'session' | 'provider' | 'spki_sha256'>;

/** What a claim of ACI's rests on: it is asserted when all of these passed, refuted when one failed. */
const claims: Record<string, readonly CheckId[]> = {
  tee_attested: ['quote_signature', 'qe_report', 'pck_chain', 'nonce_bound', 'tls_spki', 'td_debug'],
  gpu_attested: ['gpu_evidence', 'gpu_nonce', 'gpu_count', 'nras_claims'],
  tcb_up_to_date: ['tcb_level', 'tcb_revoked', 'pck_revocation'],
  os_known_good: ['event_log_replay', 'measurements'],
  serving_software_known_good: ['compose_hash', 'measurements'],
  model_weights_provenance: [],
};

/** An enclave as it was verified, in ACI's form (`aci/1`), with the checks in a member of ours. */
export function toSessionDocument({ digest, content }: NamedEvidence, record: SessionRecord): object {
  const checks = (record.session?.checks ?? []) as readonly Check[];
  return {
    api_version: 'aci/1',
    session_id: digest.slice('sha256:'.length),
    provider: record.provider,
    verified_at: Math.floor((record.session?.verified_at ?? 0) / 1_000),
    channel_binding: { type: 'tls_spki_sha256', value: record.spki_sha256 },
    claims: Object.fromEntries(Object.entries(claims).map(([name, ids]) => [name, claimOf(ids, checks)])),
    // The digest is of the evidence's canonical JSON, as in a receipt's bundle.
    evidence: { digest, data: content },
    orgn: { format: 1, policy: record.policy, session: record.session },
  };
}

function claimOf(ids: readonly CheckId[], checks: readonly Check[]): { status: string; source: string } {
  const found = ids.map((id) => checks.find((check) => check.id === id));
  const source = found.some((check) => check?.source !== 'hardware_proven') ? 'verifier_derived' : 'hardware_proven';
  if (found.some((check) => check?.status === 'fail')) return { status: 'refuted', source };
  const isAsserted = found.length > 0 && found.every((check) => check?.status === 'pass');
  return { status: isAsserted ? 'asserted' : 'unknown', source };
}
