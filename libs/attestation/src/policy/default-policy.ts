import type { CheckId } from '../checks/check-ids.ts';
import { canonicalJson } from '../bytes/canonical-json.ts';
import { toHex, utf8 } from '../bytes/bytes.ts';
import type { Crypto } from '../crypto/crypto-port.ts';
import type { AttestationPolicy } from './policy.ts';

const quote: readonly CheckId[] = [
  'report_form',
  'tee_type',
  'quote_format',
  'quote_signature',
  'qe_report',
  'qe_identity',
  'pck_chain',
  'tcb_info',
  'collateral_time',
  'tcb_level',
  'tcb_revoked',
  'crl_present',
  'crl_signature',
  'crl_time',
  'pck_revocation',
  'quote_library',
  'td_debug',
  'td_attributes',
  'td_xfam',
  'td_seam',
  'td_service',
  'nonce_bound',
];

const software: readonly CheckId[] = ['event_digests', 'event_log_replay', 'events_unique', 'compose_hash'];

const gpu: readonly CheckId[] = ['gpu_evidence', 'gpu_nonce', 'gpu_count'];

const nras: readonly CheckId[] = [
  'nras_present',
  'nras_algorithm',
  'nras_signature',
  'nras_time',
  'nras_nonce',
  'nras_digests',
  'nras_claims',
];

/** What policies are put together from. */
export const requirements = {
  quote,
  /** The key that signs answers. */
  signer: ['signer_bound'],
  /** The key of the TLS connection. */
  channel: ['tls_bound', 'tls_spki'],
  software,
  approved: ['measurements'],
  gpu,
  nras,
} as const satisfies Record<string, readonly CheckId[]>;

/**
 * What is demanded where nobody demands anything else: all of it. Measurements must be approved by rules, which a deployment
 * adds; without any the verdict is `unknown`.
 */
export const strictPolicy: AttestationPolicy = {
  format: 1,
  require: [
    ...quote,
    ...requirements.signer,
    ...requirements.channel,
    ...software,
    ...requirements.approved,
    ...gpu,
    ...nras,
  ],
  forms: ['proxy', 'gateway', 'aci'],
  tcbStatuses: ['UpToDate'],
  advisories: null,
  minimumTcbEvaluation: 0,
  tdAttributes: ['0000001000000000'],
  xfams: null,
  gpus: { minimum: 1, exactly: null },
  measurements: [],
};

/** `sha256:` and the hex digest of the policy's canonical JSON. */
export const policyDigest = (policy: AttestationPolicy, crypto: Crypto): string =>
  `sha256:${toHex(crypto.sha256(utf8(canonicalJson(policy))))}`;
