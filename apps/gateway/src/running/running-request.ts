import type { Model, RequestId, ServiceError } from '@orgn/contracts';
import type { Caller } from '../authentication/callers.service.ts';
import type { PresentedKey } from '../authentication/presented-key.ts';

/** A request, the key it came with, and the word on that key by which it was admitted. */
export interface KeyUse {
  requestId: RequestId;
  key: PresentedKey;
  caller: Caller;
  /** The model that was asked for, and those that may stand in for it. */
  models: readonly Model[];
  isStream: boolean;
}

/** A request between its verification and its end, and how fresh the registry's word on it is. */
export class RunningRequest {
  static #count = 0;
  /** Among those of this process. */
  readonly number = (RunningRequest.#count += 1);
  readonly #cut = new AbortController();
  #confirmedAt: number;
  #questions = 0;

  constructor(readonly use: KeyUse) {
    this.#confirmedAt = use.caller.askedAt;
  }

  /** Aborted when the request must end; the reason is the error to end it with. */
  get cut(): AbortSignal {
    return this.#cut.signal;
  }

  /** Whether the registry is being asked about it. */
  get isAsking(): boolean {
    return this.#questions > 0;
  }

  /** Age of the registry's last good word, in milliseconds. */
  ageAt(now: number): number {
    return now - this.#confirmedAt;
  }

  async ask(question: () => Promise<Caller>): Promise<void> {
    this.#questions += 1;
    try {
      const { askedAt } = await question();
      this.#confirmedAt = Math.max(this.#confirmedAt, askedAt);
    } finally {
      this.#questions -= 1;
    }
  }

  /** Ends the request; repeating it changes nothing. */
  cutOff(error: ServiceError): void {
    this.#cut.abort(error);
  }
}
