/** What can be wrong with an enclave, its maker's statements or its signatures: one at a time, by name. */
export const faults = {
  wrong_nonce: 'the quote carries another nonce than was asked for; the report says the right one',
  foreign_signer: 'the report names, and answers are signed by, a key that the quote does not',
  swapped_tls_key: 'new TLS connections end in another key than the quote names',
  second_instance_behind_the_same_key: 'every second connection ends in another instance, with the same TLS key',
  tcb_out_of_date: "Intel calls the machine's patch level out of date",
  tcb_revoked: "Intel calls the machine's patch level revoked",
  debug_td: 'the host may look into the guest',
  tampered_event_log: 'an event of the boot log says something else than was measured',
  empty_digests: "events of the guest's own come without digest, as some proxies send them: no fault of the enclave",
  extra_events_after_system_ready: 'the application measured a second compose hash after the system was ready',
  stale_crl: 'the revocation list of the machines ended a month ago',
  unsigned_crl: 'the revocation list of the machines is signed by a stranger',
  empty_crl: 'the revocation list of the machines has no bytes',
  revoked_pck: "the machine's certificate is on the revocation list",
  forged_qe_identity: 'the identity of the quoting enclave is another one, signed by a stranger',
  nras_alg_none: "NVIDIA's tokens are not signed",
  wrong_gpu_count: 'one GPU fewer is proven than the machine has',
  expired_token: "NVIDIA's tokens ended an hour ago",
  trailing_bytes: 'bytes follow the quote',
  signature_missing: 'no signature is to be had of any answer',
  signature_late: 'signatures of answers are to be had 3 s after the answer only',
  signature_for_other_bytes: 'the signature of an answer is about another answer',
  chutes_shaped_answer: 'the report is one of Chutes, about a nonce that the server chose',
  new_software: 'another release of the application runs: no fault of the enclave, and nobody has approved it',
} as const;

export type Fault = keyof typeof faults;

/** The check that refuses each fault of an enclave. Faults of single connections and answers show elsewhere. */
export const refusedBy = {
  wrong_nonce: 'nonce_bound',
  foreign_signer: 'signer_bound',
  swapped_tls_key: 'tls_spki',
  tcb_out_of_date: 'tcb_level',
  tcb_revoked: 'tcb_revoked',
  debug_td: 'td_debug',
  tampered_event_log: 'event_log_replay',
  extra_events_after_system_ready: 'events_unique',
  stale_crl: 'crl_time',
  unsigned_crl: 'crl_signature',
  empty_crl: 'crl_present',
  revoked_pck: 'pck_revocation',
  forged_qe_identity: 'qe_identity',
  nras_alg_none: 'nras_algorithm',
  wrong_gpu_count: 'gpu_count',
  expired_token: 'nras_time',
  trailing_bytes: 'quote_format',
  chutes_shaped_answer: 'report_form',
} as const satisfies Partial<Record<Fault, string>>;

export const faultNames = Object.keys(faults) as Fault[];
