import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { asBuffer, WorkerPool, workerScript } from '@orgn/service-kit';
import type { Executed } from '../seals/team-seals.ts';
import type { Endpoint, Incoming, InferenceRequest, RequestFacts } from './endpoint.ts';
import type { ReadingJob } from './reading.worker.ts';

/** Bytes from which a request is read in a thread of its own: below, the longest reading is shorter than it is noticed. */
export const LARGE_BYTES = 64 * 1024;

/** Reads small requests at once, and large ones where they do not hold up the others. */
@Injectable()
export class ReadingThreads implements OnApplicationShutdown {
  readonly #pool = new WorkerPool<ReadingJob, RequestFacts>(workerScript('./reading.worker', import.meta.url));

  /** So that the first large request does not wait for its thread. */
  warm(): void {
    this.#pool.warm();
  }

  /**
   * @param incoming its body is gone afterwards if it is large
   * @throws ServiceError when the request is not one that may be sent; `service_unavailable` when too many large ones wait
   */
  async read(endpoint: Endpoint, incoming: Incoming): Promise<InferenceRequest> {
    const facts = await this.#factsOf(endpoint, incoming);
    let original = facts.translated?.original;
    const readFor = async (executed: Executed) => {
      if (!original) throw new RangeError('nothing in the request is for one model only');
      const again = await this.#factsOf(endpoint, { ...incoming, body: original }, executed);
      original = again.translated?.original;
      return again;
    };
    return endpoint.toRequest(facts, { seals: incoming.seals, readFor });
  }

  async onApplicationShutdown(): Promise<void> {
    await this.#pool.stop();
  }

  async #factsOf(endpoint: Endpoint, incoming: Incoming, executed?: Executed): Promise<RequestFacts> {
    const { body, contentType, seals } = incoming;
    if (body.length < LARGE_BYTES) return endpoint.read(incoming, executed);
    const job = { path: endpoint.path, body, contentType, seals: seals.keys, executed };
    return asBuffers(await this.#pool.run(job, [body]));
  }
}

function asBuffers({ translated, ...facts }: RequestFacts): RequestFacts {
  const body = asBuffer(facts.body);
  if (!translated) return { ...facts, body };
  const original = translated.original && asBuffer(translated.original);
  return { ...facts, body, translated: { ...translated, original } };
}
