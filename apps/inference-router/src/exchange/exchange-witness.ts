import { createHash, type Hash } from 'node:crypto';
import type { ByteCut } from '@orgn/contracts';
import type { Attestation } from '../attestation/attestation.gate.ts';
import type { UpstreamRequest } from '../providers/provider.client.ts';
import { digestInTurns } from './digest-in-turns.ts';
import type { DispatchOrder } from './dispatch-order.ts';
import type { Target } from './target.ts';

/** Bytes of an answer that are kept, each way, until its edits are found: none of them outlives that. */
const MOST_KEPT = 512 * 1024;

/** One way of an answer: its digest, and its bytes while they are few. */
class Passing {
  readonly #hash: Hash = createHash('sha256');
  #kept: Buffer[] | null = [];
  #length = 0;

  take(bytes: Buffer): void {
    this.#hash.update(bytes);
    this.#length += bytes.length;
    if (this.#length > MOST_KEPT) this.#kept = null;
    this.#kept?.push(bytes);
  }

  get isEmpty(): boolean {
    return this.#length === 0;
  }

  /** The digest, and the bytes if they were kept; both are told once. */
  end(): { digest: string; bytes: Buffer | null } {
    const bytes = this.#kept && Buffer.concat(this.#kept);
    this.#kept = null;
    return { digest: `sha256:${this.#hash.digest('hex')}`, bytes };
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
  answeredAt = 0;
  isComplete = false;
  wire = new Passing();
  readonly shown = new Passing();

  readonly requestId: string;
  /** What the gateway did not pass on of the caller's bytes; null where that is not said. */
  readonly cuts: readonly ByteCut[] | null;

  /** @param endpoint below `/v1` */
  constructor(
    { requestId, body, received }: Pick<DispatchOrder, 'requestId' | 'body' | 'received'>,
    readonly endpoint: string,
    readonly isStream: boolean,
  ) {
    this.requestId = requestId;
    this.received = received ? Promise.resolve(`sha256:${received.sha256}`) : digestInTurns(body);
    this.cuts = received ? received.cuts : [];
  }

  /** An attempt leaves: what is seen from now on belongs to it. */
  asks(target: Target, request: UpstreamRequest, attestation: Attestation | undefined): void {
    this.target = target;
    this.attestation = attestation;
    this.forwarded = digestInTurns(request.pieces);
    this.splices = request.splices;
    this.wire = new Passing();
  }

  /** The answer has ended, whole or not. */
  ended(isComplete: boolean): void {
    this.isComplete = isComplete;
    this.answeredAt = Date.now();
  }
}
