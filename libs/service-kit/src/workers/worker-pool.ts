import { availableParallelism } from 'node:os';
import { ServiceError } from '@orgn/contracts';
import type { WorkerScript } from './worker-script.ts';
import { WorkerThread, type ThreadLimits } from './worker-thread.ts';

/** What a pool may take. */
export interface PoolLimits extends ThreadLimits {
  threads: number;
  /** Jobs that may wait for a thread. */
  maxWaiting: number;
}

/** Two threads where there are cores for them beside the event loop; a job of the largest size takes about a second. */
export const usualLimits: PoolLimits = {
  threads: availableParallelism() > 2 ? 2 : 1,
  maxWaiting: 256,
  jobMs: 10_000,
  heapMb: 512,
};

/**
 * Threads for work that would hold the event loop. Jobs and answers are plain data; large bytes are moved, not copied. At most
 * so many wait, in the order in which they came. A thread is started by the first job that finds none, which takes it a tenth of a
 * second; one that dies takes its job with it, and the next job starts another.
 */
export class WorkerPool<J, R> {
  readonly #waiting: ((thread: WorkerThread | undefined) => void)[] = [];
  #threads: WorkerThread[] = [];
  #isStopped = false;

  constructor(
    private readonly script: WorkerScript,
    private readonly limits: PoolLimits = usualLimits,
  ) {}

  /**
   * @param moved memory that is handed over with the job: it is gone on this side, whatever becomes of the job
   * @throws ServiceError what the job refuses; `service_unavailable` when too many wait, or the thread came to an end
   */
  run(job: J, moved: readonly Uint8Array[]): Promise<R> {
    const thread = this.#free();
    if (thread) return this.#work(thread, job, moved);
    if (this.#waiting.length >= this.limits.maxWaiting) return Promise.reject(overloaded());
    return new Promise((resolve, reject) => {
      this.#waiting.push((next) => {
        if (next) resolve(this.#work(next, job, moved));
        else reject(overloaded());
      });
    });
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    await Promise.all(this.#threads.map((thread) => thread.stop()));
  }

  async #work(thread: WorkerThread, job: J, moved: readonly Uint8Array[]): Promise<R> {
    try {
      return (await thread.run(job, moved)) as R;
    } finally {
      // Handed on before anybody who comes later can ask for it.
      if (this.#waiting.length > 0) this.#waiting.shift()?.(this.#free());
    }
  }

  /** A thread that has nothing to do: one of those there are, or a new one while there may be more. */
  #free(): WorkerThread | undefined {
    this.#threads = this.#threads.filter(({ isDead }) => !isDead);
    const idle = this.#threads.find(({ isIdle }) => isIdle);
    if (idle ?? (this.#isStopped || this.#threads.length >= this.limits.threads)) return idle;
    const thread = new WorkerThread(this.script, this.limits);
    this.#threads.push(thread);
    return thread;
  }
}

function overloaded(): ServiceError {
  return new ServiceError('service_unavailable', 'Too many large requests are under way; try again shortly.');
}
