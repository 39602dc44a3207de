import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Registry } from 'prom-client';
import type { GatewayConfig } from '../config.ts';
import { BodyMemory, SMALL_BYTES, type BodyLease } from './body-memory.ts';

const MIB = 1024 * 1024;
const POT = 64 * MIB;
const setUp = () => {
  const metrics = new Registry();
  const memory = new BodyMemory({ MAX_BODIES_BYTES: POT } as GatewayConfig, metrics);
  const held = async () => (await metrics.getSingleMetric('orgn_edge_body_bytes')!.get()).values[0]!.value;
  const lease = (key: string, address: string | null = '192.0.2.1') =>
    memory.lease({ digest: key, address, userAgent: 'sdk' });
  return { held, lease, memory };
};
/** Grows until it may not. @returns how much that was */
const fill = (lease: BodyLease, limit = POT): number => {
  let bytes = 0;
  while (bytes < limit && lease.grow(16_384)) bytes += 16_384;
  return bytes;
};
const step = fc.record({ lease: fc.nat(5), bytes: fc.option(fc.nat(24 * MIB), { nil: undefined }) });

describe('BodyMemory', () => {
  test('never holds more of large bodies than its limit, always takes small ones, and gives everything back', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
        const { held, lease } = setUp();
        const owners = Array.from({ length: 6 }, (_, at) => ({
          lease: lease(`key_${at % 3}`, `192.0.${at % 2}.1`),
          bytes: 0,
        }));
        for (const { lease: at, bytes } of steps) {
          const owner = owners[at]!;
          if (bytes === undefined) {
            owner.lease.release();
            owner.bytes = 0;
          } else if (owner.lease.grow(bytes)) owner.bytes += bytes;
          const large = owners.reduce((sum, { bytes: held }) => sum + Math.max(0, held - SMALL_BYTES), 0);
          expect(large).toBeLessThanOrEqual(POT);
          expect(await held()).toBe(owners.reduce((sum, { bytes: held }) => sum + held, 0));
          const small = lease('key_0', '192.0.0.1');
          expect(small.grow(SMALL_BYTES)).toBe(true);
          small.release();
        }
        for (const { lease } of owners) lease.release();
        expect(await held()).toBe(0);
        expect(fill(lease('key_9'))).toBeGreaterThanOrEqual(POT / 2);
      }),
      { numRuns: 60 },
    );
  });

  test('gives one key half of it however many bodies it sends, and the next key room for a body', () => {
    const { lease } = setUp();
    const mine = Array.from({ length: 16 }, () => lease('key_a'));
    const taken = mine.reduce((sum, body) => sum + fill(body, 8 * MIB), 0);
    expect(taken).toBeLessThanOrEqual(POT / 2 + 16 * (SMALL_BYTES + 16_384));
    expect(fill(lease('key_b', '198.51.100.1'), 8 * MIB)).toBe(8 * MIB);
    expect(fill(lease('key_c', '192.0.2.77'), 8 * MIB)).toBe(8 * MIB);
  });

  test('gives a key half and a network three quarters to the byte, and not one more', () => {
    const { lease } = setUp();
    const first = lease('key_a');
    expect(first.grow(POT / 2 + SMALL_BYTES)).toBe(true);
    expect([first.grow(1), lease('key_a').grow(SMALL_BYTES + 1)]).toEqual([false, false]);
    expect(lease('key_b').grow(POT / 4 + SMALL_BYTES)).toBe(true);
    expect(lease('key_c').grow(SMALL_BYTES + 1)).toBe(false);
    expect(lease('key_d', '198.51.100.1').grow(POT / 8 + SMALL_BYTES)).toBe(true);
  });

  test('leaves room for other networks when one network sends under many keys', () => {
    const { lease } = setUp();
    const theirs = Array.from({ length: 40 }, (_, at) => lease(`key_${at}`));
    const taken = theirs.reduce((sum, body) => sum + fill(body, 8 * MIB), 0);
    expect(taken).toBeLessThanOrEqual(0.75 * POT + 40 * (SMALL_BYTES + 16_384));
    expect(fill(lease('key_x', '198.51.100.1'), 8 * MIB)).toBe(8 * MIB);
    expect(fill(lease('key_y', '203.0.113.1'), 2 * MIB)).toBe(2 * MIB);
  });

  test('takes nothing for a body that does not fit', async () => {
    const { held, lease } = setUp();
    const large = lease('key_a');
    expect([large.grow(POT), large.grow(SMALL_BYTES), await held()]).toEqual([false, true, SMALL_BYTES]);
  });
});
