import { hash } from 'node:crypto';
import { composeFileOf } from '../dstack/compose-file.ts';
import { runtimeEvent } from '../dstack/event-log.ts';
import { startGuest, type Guest } from '../dstack/guest.ts';
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
  readonly gpus: Gpus;
  private readonly strangersKeys = new AnswerKeys();
  private readonly tinkeredGuest: Guest;
  private readonly intel: Intel;
  private readonly quoteVersion: QuoteVersion;

  constructor({ intel, name, model, gpus, instance = 'first', quoteVersion = 4 }: EnclaveOptions) {
    this.intel = intel;
    this.model = model;
    this.quoteVersion = quoteVersion;
    const parts = { name, composeFile: composeFileOf(model), instance, gpus };
    this.guest = startGuest(parts);
    const second = runtimeEvent('compose-hash', hash('sha256', 'another application', 'buffer'));
    this.tinkeredGuest = startGuest(parts, [runtimeEvent('application-started'), second]);
    this.gpus = new Gpus(gpus);
  }

  /** The guest as it is under a fault. */
  guestUnder(fault: Fault | undefined): Guest {
    return fault === 'extra_events_after_system_ready' ? this.tinkeredGuest : this.guest;
  }

  /** The keys that reports name and answers are signed with. */
  keysUnder(fault: Fault | undefined): AnswerKeys {
    return fault === 'foreign_signer' ? this.strangersKeys : this.keys;
  }

  /** @param reportData 64 bytes */
  quote(reportData: Buffer, fault?: Fault): Buffer {
    const { measurements } = this.guestUnder(fault);
    const quote = this.intel.quote({ ...measurements, reportData, isDebug: fault === 'debug_td' }, this.quoteVersion);
    return fault === 'trailing_bytes' ? Buffer.concat([quote, Buffer.from('and more')]) : quote;
  }
}
