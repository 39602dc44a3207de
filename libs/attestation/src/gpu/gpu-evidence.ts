import type { Bytes } from '../bytes/bytes.ts';

/** The evidence of one GPU: its certificates (PEM, leaf first) and the exchange of SPDM that it signed. */
export interface GpuReport {
  readonly certificates: string;
  readonly exchange: Bytes;
}

export interface GpuEvidence {
  /** The evidence as it was sent. */
  readonly list: readonly unknown[];
  /** How many GPUs the machine is said to have; null where nothing is said. */
  readonly stated: number | null;
  readonly gpus: readonly GpuReport[];
  readonly arch: string | null;
  /** The nonce that the evidence is said to be for, hex; null where nothing is said. */
  readonly nonce: string | null;
}
