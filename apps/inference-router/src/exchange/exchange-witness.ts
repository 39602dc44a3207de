import { createHash, type Hash } from 'node:crypto';
import type { ByteCut } from '@orgn/contracts';
import type { Attestation } from '../attestation/attestation.gate.ts';
import type { UpstreamRequest } from '../providers/provider.client.ts';
import { digestInTurns } from './digest-in-turns.ts';
import type { DispatchOrder } from './dispatch-order.ts';
import type { MemoryLease } from './held-memory.ts';
import type { Target } from './target.ts';

/** Bytes of an answer that are kept, each way, until its edits are found: none of them outlives that. */
const MOST_KEPT = 512 * 1024;
/** Bytes of its beginning, where its id is. */
const HEAD_BYTES = 4 * 1024;

/** Bytes that are hashed at once: an event alone is so short that the call costs more than its bytes. */
const HASHED_BYTES = 8 * 1024;

/** What passed one way. */
export interface Passed {
  /** `sha256:` and hex; null where nothing passed. */
  digest: string | null;
  head: Buffer;
  /** All of it, if it was kept. */
  bytes: Buffer | null;
}

/** One way of an answer: its digest, and its bytes while they are few and there is memory for them. */
class Passing {
  readonly #hash: Hash = createHash('sha256');
  #head = Buffer.alloc(0);
  #kept: Buffer[] | null = [];
  #length = 0;
  /** What has passed and is not hashed yet. */
  #waiting: Buffer[] = [];
  #waitingBytes = 0;

  constructor(private readonly memory: MemoryLease) {}

  take(bytes: Buffer): void {
    this.#length += bytes.length;
    this.#waiting.push(bytes);
    this.#waitingBytes += bytes.length;
    if (this.#waitingBytes >= HASHED_BYTES) this.#digest();
    if (!this.#kept) return;
    if (this.#length <= MOST_KEPT && this.memory.grow(bytes.length)) this.#kept.push(bytes);
    else this.forget();
  }

  #digest(): void {
    const [first] = this.#waiting;
    const bytes = first?.length === this.#waitingBytes ? first : Buffer.concat(this.#waiting, this.#waitingBytes);
    this.#waiting = [];
    this.#waitingBytes = 0;
    this.#hash.update(bytes);
    if (this.#head.length < HEAD_BYTES)
      this.#head = Buffer.concat([this.#head, bytes.subarray(0, HEAD_BYTES - this.#head.length)]);
  }

  /** Nobody will want all of it. */
  forget(): void {
    this.#kept = null;
  }

  /** To be called once. */
  end(): Passed {
    this.#digest();
    const bytes = this.#kept && Buffer.concat(this.#kept);
    this.#kept = null;
    return { digest: this.#length > 0 ? `sha256:${this.#hash.digest('hex')}` : null, head: this.#head, bytes };
  }
}

/** What was seen of one request and its answer, by digests. It reads bytes that pass by, and changes none. */
export class ExchangeWitness {
  readonly receivedAt = Date.now();
  readonly received: Promise<string>;
  forwarded: Promise<string> | undefined;
  splices: UpstreamRequest['splices'];
  target: Target | undefined;
  attestation: Attestation | undefined;
  /** The digest of what the provider says of its routing. */
  routing: string | null = null;
  answeredAt = 0;
  isComplete = false;
  wire: Passing;
  readonly shown: Passing;
  #isReleased = false;

  readonly requestId: string;
  /** What the gateway did not pass on of the caller's bytes; null where that is not said. */
  readonly cuts: readonly ByteCut[] | null;

  /**
   * @param endpoint below `/v1`
   * @param memory of its own: what it keeps of the answer
   */
  constructor(
    { requestId, body, received }: Pick<DispatchOrder, 'requestId' | 'body' | 'received'>,
    readonly endpoint: string,
    readonly isStream: boolean,
    private readonly memory: MemoryLease,
  ) {
    this.requestId = requestId;
    this.wire = new Passing(memory);
    this.shown = new Passing(memory);
    this.received = received ? Promise.resolve(`sha256:${received.sha256}`) : digestInTurns(body);
    this.cuts = received ? received.cuts : [];
  }

  /** An attempt leaves: what is seen from now on belongs to it. */
  asks(target: Target, request: UpstreamRequest, attestation: Attestation | undefined): void {
    this.target = target;
    this.attestation = attestation;
    this.forwarded = digestInTurns(request.pieces);
    this.splices = request.splices;
    this.routing = null;
    this.wire = new Passing(this.memory);
    // Receipts of enclaves alone tell what was edited: others would have to repeat what is taken out.
    if (target.model.execution === 'tee' && request.splices) return;
    this.wire.forget();
    this.shown.forget();
  }

  /** The answer has ended, whole or not. */
  ended(isComplete: boolean): void {
    this.isComplete = isComplete;
    this.answeredAt = Date.now();
  }

  /** Its bytes are not needed any more. */
  release(): void {
    if (!this.#isReleased) this.memory.release();
    this.#isReleased = true;
  }
}
