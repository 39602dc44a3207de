import { env } from 'node:process';
import { ServiceError } from '@orgn/contracts';
import { serveJobs } from '../serve-jobs.ts';

/** What a thread of a test is to do. */
export interface OddJob {
  does: 'echo' | 'refuse' | 'throw' | 'hang' | 'exit' | 'hoard' | 'wait';
  bytes?: Uint8Array;
  ms?: number;
}

const hoard: unknown[] = [];

const deeds: Record<OddJob['does'], (job: OddJob) => void> = {
  echo: () => undefined,
  refuse: () => {
    throw new ServiceError('unknown_parameter', 'a is not known.', { param: 'a' });
  },
  throw: () => {
    throw new RangeError('secret words');
  },
  hang: () => {
    for (;;);
  },
  exit: () => process.exit(3),
  hoard: () => {
    for (;;) hoard.push(Array(10_000).fill({}));
  },
  wait: ({ ms = 0 }) => {
    const until = performance.now() + ms;
    while (performance.now() < until);
  },
};

serveJobs<OddJob>((job) => {
  deeds[job.does](job);
  return { answer: { bytes: job.bytes, env: Object.keys(env).length }, moved: job.bytes ? [job.bytes] : [] };
});
