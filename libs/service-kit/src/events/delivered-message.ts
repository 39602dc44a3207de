import type { JsMsg } from '@nats-io/jetstream';
import { parseSafely, type EventContract, type PayloadOf } from '@orgn/contracts';
import { decodeOrUndefined } from '../bus/wire.ts';
import type { Delivered, Unsettleable } from './settlement.ts';

/** What is needed of a message to settle it. */
export type Deliverable = Pick<JsMsg, 'subject' | 'data' | 'ack' | 'nak' | 'working'> & { info: { stream: string } };

/** A message between its delivery and its acknowledgement. */
export class DeliveredMessage<C extends EventContract> {
  readonly words: readonly (Delivered<C> | Unsettleable<C>)[];
  /** In bytes. */
  readonly size: number;
  #left: number;

  /** @param contracts of the subjects that may be delivered */
  constructor(
    private readonly message: Deliverable,
    contracts: readonly C[],
  ) {
    this.words = read(message, contracts);
    this.size = message.data.length;
    this.#left = this.words.length;
  }

  /**
   * One word is settled or in quarantine. The last one acknowledges the message, and so takes it from the stream.
   * @returns whether it was the last one
   */
  done(): boolean {
    this.#left -= 1;
    if (this.#left === 0) this.message.ack();
    return this.#left === 0;
  }

  /** Puts off the moment at which the server takes it for lost. */
  working(): void {
    this.message.working();
  }

  /** Hands it back, for whoever takes it next. */
  giveBack(): void {
    this.message.nak();
  }
}

/** What does not match its contract would come back for ever: it is a word that cannot be settled, and so is no word at all. */
function read<C extends EventContract>(
  message: Deliverable,
  contracts: readonly C[],
): readonly (Delivered<C> | Unsettleable<C>)[] {
  const { subject } = message;
  const origin = { subject, stream: message.info.stream };
  const unreadable = { ...origin, event: undefined, reason: 'unreadable' as const };
  const contract = contracts.find((known) => known.subject === subject);
  const body = decodeOrUndefined(message.data);
  if (!contract || !Array.isArray(body) || body.length === 0) return [unreadable];
  return body.map((item) => {
    const parsed = parseSafely(contract.payload, item);
    return parsed.success ? { ...origin, event: parsed.data as PayloadOf<C> } : unreadable;
  });
}
