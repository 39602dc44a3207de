import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { FailureBucket } from './failure-bucket.ts';

const allowance = { burst: 5, refillMs: 100 };

/** What may happen to a bucket: time passes, an attempt begins if it may, the oldest attempt ends. */
const step = fc.oneof(
  fc.record({ kind: fc.constant('wait' as const), ms: fc.integer({ min: 0, max: 300 }) }),
  fc.record({ kind: fc.constant('begin' as const) }),
  fc.record({ kind: fc.constant('end' as const), hasFailed: fc.boolean() }),
);

describe('a failure bucket', () => {
  test('never lets more failures through than its burst and what time has forgiven', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const bucket = new FailureBucket(allowance, 0);
        let [now, open, failures] = [0, 0, 0];
        const apply = {
          wait: (ms: number) => (now += ms),
          begin: () => {
            if (bucket.outlook(now) !== 'yes') return;
            bucket.reserve();
            open += 1;
          },
          end: (hasFailed: boolean) => {
            if (open === 0) return;
            open -= 1;
            bucket.release();
            if (hasFailed) bucket.charge(now);
            failures += Number(hasFailed);
          },
        };
        for (const what of steps) {
          if (what.kind === 'wait') apply.wait(what.ms);
          else if (what.kind === 'begin') apply.begin();
          else apply.end(what.hasFailed);
          expect(failures).toBeLessThanOrEqual(allowance.burst + now / allowance.refillMs + 1e-6);
        }
      }),
    );
  });

  test('never refuses where nothing has failed: at most it asks to wait for others', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { maxLength: 100 }), (isBegin) => {
        const bucket = new FailureBucket(allowance, 0);
        let open = 0;
        for (const begins of isBegin) {
          expect(bucket.outlook(0)).toBe(open < allowance.burst ? 'yes' : 'later');
          if (begins && open < allowance.burst) {
            bucket.reserve();
            open += 1;
          } else if (!begins && open > 0) {
            bucket.release();
            open -= 1;
          }
        }
      }),
    );
  });

  test('says how long to wait, and keeps its word', () => {
    const bucket = new FailureBucket(allowance, 0);
    for (let failure = 0; failure < 5; failure += 1) bucket.charge(0);
    expect(bucket.outlook(40)).toBeCloseTo(60);
    expect(bucket.outlook(99)).toBeCloseTo(1);
    expect(bucket.outlook(100.001)).toBe('yes');
  });
});
