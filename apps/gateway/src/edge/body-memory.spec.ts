import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Registry } from 'prom-client';
import type { GatewayConfig } from '../config.ts';
import { BodyMemory } from './body-memory.ts';

const LIMIT = 1_000;
const held = async (metrics: Registry): Promise<number> => {
  const gauge = await metrics.getSingleMetric('orgn_edge_body_bytes')!.get();
  return gauge.values[0]!.value;
};
const step = fc.record({ lease: fc.nat(4), bytes: fc.option(fc.nat(600), { nil: undefined }) });

describe('BodyMemory', () => {
  test('never holds more than its limit, refuses only what does not fit, and gives everything back', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
        const metrics = new Registry();
        const memory = new BodyMemory({ MAX_BODIES_BYTES: LIMIT } as GatewayConfig, metrics);
        const leases = Array.from({ length: 5 }, () => ({ lease: memory.lease(), bytes: 0 }));
        const total = () => leases.reduce((sum, { bytes }) => sum + bytes, 0);
        for (const { lease: at, bytes } of steps) {
          const owner = leases[at]!;
          if (bytes === undefined) {
            owner.lease.release();
            owner.bytes = 0;
          } else {
            const fits = total() + bytes <= LIMIT;
            expect(owner.lease.grow(bytes)).toBe(fits);
            if (fits) owner.bytes += bytes;
          }
          expect(await held(metrics)).toBe(total());
        }
        for (const { lease } of leases) lease.release();
        expect(await held(metrics)).toBe(0);
      }),
    );
  });
});
