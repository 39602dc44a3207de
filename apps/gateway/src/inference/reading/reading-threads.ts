import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { asBuffer, joined, lengthOf, ownMemory, WorkerPool, workerScript } from '@orgn/service-kit';
import { readRequest, type ModelTraits, type Reading, type ReadingTask } from './reading.ts';
import type { ReadingJob } from './reading.worker.ts';

/** Bytes from which a body is read in a thread of its own: below, the longest reading is shorter than it is noticed. */
export const LARGE_BYTES = 64 * 1024;

type MovedReading = Omit<Reading, 'body'> & { body: Uint8Array };

/** Reads small requests at once, and large ones where they do not hold up the others. */
@Injectable()
export class ReadingThreads implements OnApplicationShutdown {
  readonly #pool = new WorkerPool<ReadingJob, MovedReading>(workerScript('./reading.worker', import.meta.url));

  /**
   * @param body in pieces, gone afterwards if it is large; its bytes, without what is not passed on, are those of the reading
   * @throws ServiceError naming the field at fault; `service_unavailable` when too many large requests wait
   */
  async read(body: readonly Buffer[], task: ReadingTask, models: ModelTraits): Promise<Reading> {
    if (lengthOf(body) < LARGE_BYTES) return readRequest(joined(body), task, models);
    const pieces = body.map(ownMemory);
    const reading = await this.#pool.run({ task, models, pieces }, pieces);
    return { ...reading, body: asBuffer(reading.body) };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.#pool.stop();
  }
}
