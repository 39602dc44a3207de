import { monitorEventLoopDelay } from 'node:perf_hooks';
import { afterEach, describe, expect, test } from '@jest/globals';
import type { OddJob } from './testing/odd.worker.ts';
import { usualLimits, WorkerPool, type PoolLimits } from './worker-pool.ts';
import { workerScript } from './worker-script.ts';

interface OddAnswer {
  bytes?: Uint8Array;
  env: number;
}

let pool: WorkerPool<OddJob, OddAnswer> | undefined;
const open = (limits: Partial<PoolLimits> = {}) => {
  const script = workerScript('./testing/odd.worker', import.meta.url);
  pool = new WorkerPool(script, { ...usualLimits, threads: 1, ...limits });
  return pool;
};

afterEach(() => pool?.stop());

describe('a job of a worker', () => {
  test('gets its bytes without a copy, answers them back, and sees no setting of the process', async () => {
    const bytes = Buffer.alloc(1_000_000, 'x');
    const answer = await open().run({ does: 'echo', bytes }, [bytes]);
    expect(bytes).toHaveLength(0);
    expect(answer.bytes).toHaveLength(1_000_000);
    expect(answer.env).toBe(0);
  });

  test('refuses with its own words, and says of a fault of ours no more than its kind', async () => {
    const jobs = open();
    await expect(jobs.run({ does: 'refuse' }, [])).rejects.toMatchObject({ code: 'unknown_parameter', param: 'a' });
    await expect(jobs.run({ does: 'throw' }, [])).rejects.toThrow(/^a job of a worker failed: RangeError$/);
    await expect(jobs.run({ does: 'echo' }, [])).resolves.toBeDefined();
  });

  test.each(['hang', 'exit', 'hoard'] as const)(
    'that would %s ends itself, and neither the process nor the next job',
    async (does) => {
      const jobs = open({ jobMs: does === 'hang' ? 1_500 : 60_000 });
      const after = jobs.run({ does }, []);
      const next = jobs.run({ does: 'echo' }, []);
      await expect(after).rejects.toMatchObject({ code: 'service_unavailable' });
      await expect(next).resolves.toBeDefined();
    },
  );

  test('waits its turn while others work, and is refused when too many wait', async () => {
    const jobs = open({ maxWaiting: 3 });
    const order: number[] = [];
    const run = (at: number) => jobs.run({ does: 'wait', ms: 20 }, []).then(() => order.push(at));
    const running = [0, 1, 2, 3].map(run);
    await expect(run(4)).rejects.toMatchObject({ code: 'service_unavailable' });
    await Promise.all(running);
    expect(order).toEqual([0, 1, 2, 3]);
  });

  test('does not hold the event loop', async () => {
    const jobs = open();
    await jobs.run({ does: 'echo' }, []);
    const delay = monitorEventLoopDelay({ resolution: 5 });
    delay.enable();
    await jobs.run({ does: 'wait', ms: 1_000 }, []);
    delay.disable();
    expect(delay.max / 1e6).toBeLessThan(500);
  });

  test('that waits when the pool is stopped is refused', async () => {
    const jobs = open();
    const running = [jobs.run({ does: 'wait', ms: 5_000 }, []), jobs.run({ does: 'echo' }, [])];
    const told = Promise.allSettled(running);
    await jobs.stop();
    for (const each of await told) expect(each).toMatchObject({ reason: { code: 'service_unavailable' } });
  });
});
