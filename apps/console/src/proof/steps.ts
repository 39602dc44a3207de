import type { CheckId } from '@orgn/attestation';
import type { ShownCheck } from '@orgn/console-api';

type Status = ShownCheck['status'];

/** A question that a person has, and the checks that answer it. */
export interface Step {
  title: string;
  /** What it means when all of them pass. */
  meaning: string;
  ids: readonly CheckId[];
}

/** Every check of evidence and answers, in the order in which one rests on the other. */
export const steps: readonly Step[] = [
  {
    title: 'The processor is genuine',
    meaning: 'Intel vouches for the machine that signed the report, and for its patch level.',
    ids: [
      ...(['quote_format', 'tee_type', 'quote_signature', 'qe_report', 'qe_identity', 'pck_chain'] as const),
      ...(['tcb_info', 'collateral_time', 'tcb_level', 'tcb_revoked', 'crl_present', 'crl_signature'] as const),
      ...(['crl_time', 'pck_revocation', 'quote_library'] as const),
    ],
  },
  {
    title: 'The report was made for us, now',
    meaning: 'It carries a number that the gateway chose, and it was young when the prompt left.',
    ids: ['report_form', 'nonce_bound', 'session_fresh'],
  },
  {
    title: 'Nobody can look inside',
    meaning: 'Memory is encrypted, and neither a debugger nor a service domain reaches in.',
    ids: ['td_debug', 'td_attributes', 'td_xfam', 'td_seam', 'td_service'],
  },
  {
    title: 'The software is the one that is named',
    meaning: 'What was started was measured, and the measurements lead to the compose file in the evidence.',
    ids: ['event_digests', 'event_log_replay', 'events_unique', 'compose_hash', 'measurements'],
  },
  {
    title: 'The GPUs are genuine',
    meaning: 'NVIDIA vouches for each of them, for this report.',
    ids: [
      ...(['gpu_evidence', 'gpu_nonce', 'gpu_count', 'nras_present', 'nras_algorithm', 'nras_signature'] as const),
      ...(['nras_keys', 'nras_time', 'nras_nonce', 'nras_digests', 'nras_claims'] as const),
    ],
  },
  {
    title: 'The connection ends inside',
    meaning: 'The prompt travelled under TLS to a key that the report names.',
    ids: ['tls_bound', 'tls_spki', 'key_attested', 'instance_attested'],
  },
  {
    title: 'The answer came from there',
    meaning: 'It is signed by a key that the report names, and the signature covers request and answer.',
    ids: [
      ...(['signer_bound', 'signature_present', 'response_signature', 'signer_attested', 'request_hash'] as const),
      ...(['response_hash', 'signed_model', 'session_bracket'] as const),
    ],
  },
];

/** A step with the checks that were made for it. */
export interface JudgedStep extends Step {
  status: Status;
  checks: readonly ShownCheck[];
}

/** What the checks say of each step. A step without any check is not known. */
export function judge(checks: readonly ShownCheck[]): JudgedStep[] {
  return steps.map((step) => {
    const own = checks.filter(({ id }) => (step.ids as readonly string[]).includes(id));
    return { ...step, checks: own, status: worstOf(own.map(({ status }) => status)) };
  });
}

/** Absent is never passed. */
export function worstOf(statuses: readonly Status[]): Status {
  if (statuses.includes('fail')) return 'fail';
  return statuses.includes('pass') && !statuses.includes('unknown') ? 'pass' : 'unknown';
}
