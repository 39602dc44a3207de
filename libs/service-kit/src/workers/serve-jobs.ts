import { parentPort } from 'node:worker_threads';
import { ServiceError, type WireError } from '@orgn/contracts';

/** What a job came to: its answer, a refusal to tell the caller, or a fault of ours by its name alone. */
export type JobReply = { ok: unknown } | { error: WireError } | { fault: string };

/** An answer, and the memory that goes back with it instead of being copied. */
export interface JobAnswer {
  answer: unknown;
  moved: readonly Uint8Array[];
}

/** Answers the jobs of the thread that this is called in, one after the other. What a job throws is its answer. */
export function serveJobs<J>(work: (job: J) => JobAnswer): void {
  const port = parentPort;
  if (!port) throw new Error('not in a worker');
  port.on('message', (job: J) => {
    try {
      const { answer, moved } = work(job);
      const buffers = new Set(moved.map(({ buffer }) => buffer as ArrayBuffer));
      port.postMessage({ ok: answer } satisfies JobReply, [...buffers]);
    } catch (error) {
      port.postMessage(refusal(error));
    }
  });
}

function refusal(error: unknown): JobReply {
  if (error instanceof ServiceError) return { error: error.toWire() };
  // Its message may quote what was read.
  return { fault: error instanceof Error ? error.name : 'unknown' };
}
