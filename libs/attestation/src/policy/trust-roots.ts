/** A certificate that is trusted because we say so, never because it came with evidence. */
export interface TrustAnchor {
  readonly name: string;
  /** The certificate: DER in base64. */
  readonly der: string;
  /** Made for development: everybody can make evidence under it. */
  readonly development: boolean;
}

/** Where chains must end. The verifier brings them along; evidence only ever has to be equal to one. */
export interface TrustRoots {
  /** Roots of quotes and of Intel's statements. */
  readonly intel: readonly TrustAnchor[];
  /** Roots of GPU certificates. */
  readonly nvidiaDevice: readonly TrustAnchor[];
  /** Authorities of the keys that sign NRAS tokens. */
  readonly nvidiaService: readonly TrustAnchor[];
}
