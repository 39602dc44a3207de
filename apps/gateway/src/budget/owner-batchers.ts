import type { ReplyOf, RequestContract, RequestOf } from '@orgn/contracts';
import { NaturalBatcher, type Bus } from '@orgn/service-kit';

/** A message that is under way longer holds up the next one no more, in milliseconds. */
const LATE_MS = 150;
/** Messages to one owner are so far apart at least, under load: most of what a hold takes is its message. */
const GATHER_MS = 2;
/** Replicas come and go, and few are there at a time. */
const MOST_OWNERS = 64;

/** One batcher for each owner that is asked: one message at a time to each, whatever its shards. */
export class OwnerBatchers<C extends RequestContract> {
  readonly #byOwner = new Map<string, NaturalBatcher<RequestOf<C>, ReplyOf<C>>>();

  constructor(
    private readonly contract: C,
    private readonly bus: Bus,
  ) {}

  /** @throws ServiceError of the request's own outcome, or `service_unavailable` when its message failed */
  ask(owner: string, request: RequestOf<C>): Promise<ReplyOf<C>> {
    return this.#of(owner).add(request);
  }

  #of(owner: string): NaturalBatcher<RequestOf<C>, ReplyOf<C>> {
    const known = this.#byOwner.get(owner);
    if (known) return known;
    if (this.#byOwner.size >= MOST_OWNERS) this.#byOwner.clear();
    const { contract, bus } = this;
    const batcher = new NaturalBatcher<RequestOf<C>, ReplyOf<C>>({
      send: (items) => bus.askAllOf(contract, owner, items),
      maxBatch: contract.maxBatch ?? 1,
      maxWaitMs: contract.timeoutMs,
      lateMs: LATE_MS,
      gatherMs: GATHER_MS,
    });
    this.#byOwner.set(owner, batcher);
    return batcher;
  }
}
