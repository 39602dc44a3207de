/**
 * Every check by its id: what it means when it passes. Ids are part of receipts, of `error.checks` and of what the verifier
 * prints, so an id never changes its meaning; a new check gets a new id.
 */
export const checkMeanings = {
  // The report as it was sent.
  report_form: 'The report has a form that we know, within its limits, and holds what that form must hold.',
  nonce_bound: 'The quote carries the nonce that we chose for this report, so the report was made after we asked.',
  signer_bound: 'The quote names the key that signs answers.',
  tls_bound: 'The quote names the key of the TLS connection (not only a key that signs).',
  tls_spki: 'The TLS peer that we spoke to holds the key that the quote names.',

  // Intel's quote and what Intel says of the machine.
  quote_format: 'The quote is one TDX quote of version 4 or 5, of exactly the length that it states.',
  tee_type: 'The quote is of a TDX trust domain.',
  quote_signature: 'The attestation key signed this quote.',
  qe_report: "Intel's quoting enclave vouches for the attestation key, signed by the machine's PCK certificate.",
  qe_identity: "The quoting enclave is the one that Intel names, by an identity that Intel's TCB signer signed.",
  pck_chain: "The PCK certificate chains to the pinned root, which is Intel's unless a development root is named.",
  tcb_info: "The statement of the machine's patch level is signed by the TCB signer and is about this machine's type.",
  collateral_time: "The statements of Intel's were valid at the time of verification.",
  tcb_level: 'The patch level of machine and TDX module is one that the policy accepts.',
  tcb_revoked: 'The patch level is not revoked.',
  crl_present: 'Both revocation lists are there and are lists.',
  crl_signature: 'Both revocation lists are signed by the authority whose certificates they revoke.',
  crl_time: 'Both revocation lists were current at the time of verification.',
  pck_revocation: "None of the certificates of the machine, its authority and the TCB signer is on its issuer's list.",
  quote_library: 'A second, independent implementation accepts the same quote.',

  // The trust domain.
  td_debug: 'The trust domain cannot be debugged.',
  td_attributes: 'The attributes of the trust domain are those that the policy names.',
  td_xfam: 'The processor features of the trust domain are those that the policy names.',
  td_seam: "The TDX module is signed by Intel (the signer's field is zero).",
  td_service: 'No service trust domain can act on it.',

  // What runs in it.
  event_digests: 'Every event of the boot log has the digest that its content has.',
  event_log_replay: 'The boot log replays to the measured registers of the quote.',
  events_unique: 'No event that names the software occurs twice, also not after the start.',
  compose_hash: "The compose file's hash is in the quote, in the boot log and is that of the file shown.",
  measurements: 'What was measured is on an approved list.',

  // Its GPUs.
  gpu_evidence: "Each GPU's report is signed by a device certificate of NVIDIA.",
  gpu_nonce: "Each GPU's report carries our nonce (or the hash that binds it to the quote).",
  gpu_count: 'As many GPUs are proven as the policy asks for, each once.',
  nras_present: "NVIDIA's verification service answered.",
  nras_algorithm: 'Its tokens are signed with ES384.',
  nras_signature: "Its tokens are signed by a key of NVIDIA's key set.",
  nras_keys: "The key set chains to a pinned authority of NVIDIA's.",
  nras_time: 'Its tokens were valid at the time of verification.',
  nras_nonce: 'Its tokens carry our nonce.',
  nras_digests: 'The overall token names exactly the tokens of the GPUs, as many as there are reports.',
  nras_claims: 'It found firmware, secure boot and measurements of each GPU good, and debugging off.',

  // The connection of one request.
  key_attested: 'The request travelled over a connection that ends in the attested TLS key.',
  instance_attested: 'That very connection was attested before the request travelled on it.',
  session_fresh: 'The verification was young enough when the request was sent.',

  // One answer.
  signature_present: 'The provider signed its answer.',
  response_signature: 'The signature is valid.',
  signer_attested: 'The signer is the key that the verified quote names.',
  request_hash: 'The signed hash of the request is that of the bytes that we sent.',
  response_hash: 'The signed hash of the answer is that of the bytes that we received.',
  signed_model: 'The signed text names the model that was asked.',
  session_bracket: 'The same software was attested before and after the answer.',
} as const;

export type CheckId = keyof typeof checkMeanings;

export const checkIds = Object.keys(checkMeanings) as CheckId[];
