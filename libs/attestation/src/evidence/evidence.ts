/**
 * Intel's statements about a type of machine. Signed JSON is kept as the text that was served, since signatures cover exact
 * bytes; revocation lists are hex of DER, chains are PEM. The names are those of dcap-qvl's JSON form.
 */
export interface QuoteCollateral {
  readonly pck_crl_issuer_chain: string;
  readonly root_ca_crl: string;
  readonly pck_crl: string;
  readonly tcb_info_issuer_chain: string;
  readonly tcb_info: string;
  readonly tcb_info_signature: string;
  readonly qe_identity_issuer_chain: string;
  readonly qe_identity: string;
  readonly qe_identity_signature: string;
}

/** What NVIDIA's service answered for the GPUs' evidence, and its key set of then, both as the text that was served. */
export interface NrasEvidence {
  readonly response: string;
  readonly jwks: string;
}

/**
 * Everything that a verification of one endpoint rests on, as it was received. Whatever else is said of the session is computed
 * from this, so whoever has it can verify again, years later.
 */
export interface SessionEvidence {
  /** The body of the attestation report, unedited. */
  readonly report: string;
  /** The nonce that we sent: 64 lower-case hex characters. */
  readonly nonce: string;
  /** SubjectPublicKeyInfo (DER, base64) of the TLS peer that served the report; null when nobody saw it. */
  readonly peerSpki: string | null;
  /** One for each FMSPC that the report's quotes name; others are not looked at. */
  readonly collateral: readonly QuoteCollateral[];
  readonly nras: NrasEvidence | null;
  /** Where the report's own evidence of GPUs was left out: an earlier one of the same machine that has it. */
  readonly gpus?: LeasedGpus | undefined;
}

/** Evidence that shows a machine's GPUs, for as long as those are taken at their word. */
export interface LeasedGpus {
  /** When it was verified, in milliseconds since 1970. */
  readonly at: number;
  readonly evidence: SessionEvidence;
}

/** What a provider signed of one answer, as `GET /v1/signature/<chat id>` serves it. */
export interface SignedAnswer {
  readonly text: string;
  readonly signature: string;
  readonly signing_address: string;
  readonly signing_algo: string;
}
