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
} as const;

export type Fault = keyof typeof faults;

export const faultNames = Object.keys(faults) as Fault[];
