import { Injectable } from '@nestjs/common';
import { FleetingMap } from '@orgn/collections';
import type { RequestId } from '@orgn/contracts';
import {
  isWithheldSeal,
  mintReceipt,
  readReceipt,
  readStub,
  type Admission,
  type HoldReceipt,
  type TicketFault,
} from '@orgn/service-kit';
import { UsageMeteringConfig } from '../config.ts';

/** Requests whose proofs are remembered: those of some seconds. */
const MOST_KNOWN = 4_096;

/** What was proven, or made, here of a request. */
interface Known {
  ticket: string;
  admission: Admission;
  receipt?: string;
  held?: HoldReceipt;
}

/**
 * Tickets, receipts and seals, read and made. What a request shows when money is held for it comes back with its usage, to the letter, and was
 * found good here: then no MAC is made a second time. Nothing else is taken for it.
 */
@Injectable()
export class Proofs {
  readonly #known = new FleetingMap<string, Known>();

  constructor(private readonly config: UsageMeteringConfig) {}

  /** What a ticket proves of a request that asks for a hold, or why nothing. */
  admit(ticket: string): Admission | TicketFault {
    const admission = readStub(this.config.ADMISSION_KEYS, ticket);
    if (typeof admission !== 'string') this.#remember({ ticket, admission });
    return admission;
  }

  /** The same of a word on a request's usage. @param requestId by the word's own account */
  read(requestId: RequestId, ticket: string): Admission | TicketFault {
    const known = this.#known.get(requestId);
    return known?.ticket === ticket ? known.admission : readStub(this.config.ADMISSION_KEYS, ticket);
  }

  /** Makes a receipt. */
  mint(held: HoldReceipt): string {
    const receipt = mintReceipt(this.config.ADMISSION_KEYS, held);
    const known = this.#known.get(held.requestId);
    if (known) Object.assign(known, { receipt, held });
    return receipt;
  }

  /**
   * What was held for a request by a receipt; undefined: it is none of that request. Nothing is remembered of the request then: one
   * word is said of most, so what is kept stays young and small.
   */
  heldBy(requestId: RequestId, receipt: string): HoldReceipt | undefined {
    const known = this.#known.get(requestId);
    this.#known.delete(requestId);
    return known?.receipt === receipt ? known.held : readReceipt(this.config.ADMISSION_KEYS, requestId, receipt);
  }

  /** Whether a router says that it withheld the answer. */
  isWithheld(requestId: RequestId, seal: string): boolean {
    return isWithheldSeal(this.config.ADMISSION_KEYS, requestId, seal);
  }

  #remember(known: Known): void {
    const { requestId } = known.admission;
    if (this.#known.size >= MOST_KNOWN)
      for (const oldest of this.#known.keys()) {
        this.#known.delete(oldest);
        break;
      }
    if (this.#known.get(requestId)?.ticket !== known.ticket) this.#known.set(requestId, known);
  }
}
