import type { ServiceError } from '@orgn/contracts';

/** Reads one answer of a provider as it comes. Exactly one of `onEnd` and `onBroken` is called last. */
export interface AnswerReader {
  onData(chunk: Buffer): void;
  onEnd(): void;
  /** The connection was lost, or stayed silent for too long. */
  onBroken(error: ServiceError): void;
}
