import { hash } from 'node:crypto';
import { composeFileOf } from '../dstack/compose-file.ts';
import { runtimeEvent } from '../dstack/event-log.ts';
import { startGuest, type Guest, type GuestParts } from '../dstack/guest.ts';
import type { Fault } from '../faults.ts';
import type { Intel } from '../intel/intel.ts';
import type { QuoteVersion } from '../intel/quote.ts';
import { Gpus } from '../nvidia/gpu.ts';
import { AnswerKeys } from './answer-keys.ts';

export interface EnclaveOptions {
  readonly intel: Intel;
  /** Of the application; what is measured follows from it and from the model. */
  readonly name: string;
  readonly model: string;
  readonly gpus: number;
  /** Which of several of the same application. */
  readonly instance?: string;
  readonly quoteVersion?: QuoteVersion;
}

/** A confidential machine that serves one model: a guest, its GPUs, and the keys that were made inside. */
export class Enclave {
  readonly model: string;
  readonly guest: Guest;
  readonly keys = new AnswerKeys();
  readonly #options: EnclaveOptions;
  readonly #parts: GuestParts;
  // What few need is made when it is needed.
  #gpus: Gpus | undefined;
  #strangersKeys: AnswerKeys | undefined;
  #tinkeredGuest: Guest | undefined;
  #nextGuest: Guest | undefined;

  constructor(options: EnclaveOptions) {
    const { name, model, gpus, instance = 'first' } = options;
    this.#options = options;
    this.model = model;
    this.#parts = { name, composeFile: composeFileOf(model), instance, gpus };
    this.guest = startGuest(this.#parts);
  }

  get gpus(): Gpus {
    return (this.#gpus ??= new Gpus(this.#options.gpus));
  }

  /** The guest as it is under a fault. */
  guestUnder(fault: Fault | undefined): Guest {
    if (fault === 'new_software') return (this.#nextGuest ??= startGuest(this.#nextParts));
    if (fault !== 'extra_events_after_system_ready') return this.guest;
    const second = runtimeEvent('compose-hash', hash('sha256', 'another application', 'buffer'));
    return (this.#tinkeredGuest ??= startGuest(this.#parts, [runtimeEvent('application-started'), second]));
  }

  get #nextParts(): GuestParts {
    return { ...this.#parts, composeFile: composeFileOf(this.model, ' of the next release') };
  }

  /** The keys that reports name and answers are signed with. */
  keysUnder(fault: Fault | undefined): AnswerKeys {
    return fault === 'foreign_signer' ? (this.#strangersKeys ??= new AnswerKeys()) : this.keys;
  }

  /** @param reportData 64 bytes */
  quote(reportData: Buffer, fault?: Fault): Buffer {
    const { measurements } = this.guestUnder(fault);
    const { intel, quoteVersion } = this.#options;
    const quote = intel.quote({ ...measurements, reportData, isDebug: fault === 'debug_td' }, quoteVersion);
    return fault === 'trailing_bytes' ? Buffer.concat([quote, Buffer.from('and more')]) : quote;
  }
}
