/** What was measured of a trust domain, in lower-case hex; null where the report says nothing of it. */
export interface Measurements {
  readonly mrtd: string;
  readonly rtmr0: string;
  readonly rtmr1: string;
  readonly rtmr2: string;
  readonly rtmr3: string;
  readonly mrSeam: string;
  readonly mrConfigId: string;
  readonly appId: string | null;
  readonly instanceId: string | null;
  readonly composeHash: string | null;
  readonly osImageHash: string | null;
  readonly keyProvider: string | null;
  readonly mrKms: string | null;
  /** The `sha256:…` digests of the images that the compose file names, sorted. */
  readonly imageDigests: readonly string[];
}

/** One approved set: each member that is there must be equal; `imageDigests` must hold every digest of the compose file. */
export interface MeasurementRule extends Partial<Measurements> {
  /** Who it is about, for people: a provider and a deployment. */
  readonly name: string;
}
