import { Worker } from 'node:worker_threads';
import { ServiceError } from '@orgn/contracts';
import type { JobReply } from './serve-jobs.ts';
import type { WorkerScript } from './worker-script.ts';

/** What one thread may take. */
export interface ThreadLimits {
  /** Milliseconds for one job. */
  jobMs: number;
  /** Of its heap, in MiB. */
  heapMb: number;
}

/**
 * MiB of a thread's young generation. Node gives a heap that is full 16 MiB more to let the thread end; what one collection
 * promotes, a third of this at most, must fit in there, or V8 ends the process instead of the thread.
 */
const youngMb = 32;

interface Work {
  result: PromiseWithResolvers<unknown>;
  timer: NodeJS.Timeout;
}

/** One thread, which does one job at a time. It ends when a job takes too long or too much; the process does not. */
export class WorkerThread {
  readonly #worker: Worker;
  #work: Work | undefined;
  #isDead = false;

  constructor(
    script: WorkerScript,
    private readonly limits: ThreadLimits,
  ) {
    this.#worker = new Worker(script.url, {
      execArgv: script.execArgv,
      // What it reads is handed to it: no thread needs a secret.
      env: {},
      resourceLimits: { maxOldGenerationSizeMb: limits.heapMb, maxYoungGenerationSizeMb: youngMb },
    });
    this.#worker
      .on('message', (reply: JobReply) => this.#end(({ result }) => settle(result, reply)))
      .on('messageerror', () => this.#die())
      .on('error', () => this.#die())
      .on('exit', () => this.#die());
    this.#worker.unref();
  }

  get isIdle(): boolean {
    return this.#work === undefined;
  }

  get isDead(): boolean {
    return this.#isDead;
  }

  /**
   * @param moved memory that is handed over: it is gone on this side
   * @throws ServiceError what the job refuses, or `service_unavailable` when its thread came to an end
   */
  run(job: unknown, moved: readonly Uint8Array[]): Promise<unknown> {
    this.#worker.postMessage(job, [...new Set(moved.map(({ buffer }) => buffer as ArrayBuffer))]);
    const result = Promise.withResolvers<unknown>();
    this.#work = { result, timer: setTimeout(() => this.#die(), this.limits.jobMs) };
    return result.promise;
  }

  async stop(): Promise<void> {
    this.#die();
    await this.#worker.terminate();
  }

  #die(): void {
    if (this.#isDead) return;
    this.#isDead = true;
    void this.#worker.terminate();
    this.#end(({ result }) => {
      result.reject(new ServiceError('service_unavailable', 'The request took too much to read; try a smaller one.'));
    });
  }

  #end(tell: (work: Work) => void): void {
    const work = this.#work;
    this.#work = undefined;
    if (!work) return;
    clearTimeout(work.timer);
    tell(work);
  }
}

function settle({ resolve, reject }: PromiseWithResolvers<unknown>, reply: JobReply): void {
  if ('ok' in reply) resolve(reply.ok);
  else if ('error' in reply) reject(ServiceError.fromWire(reply.error));
  else reject(new Error(`a job of a worker failed: ${reply.fault}`));
}
