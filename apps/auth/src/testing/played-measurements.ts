import { decideMeasurement, listMeasurements, ServiceError } from '@orgn/contracts';
import type { Bus } from '@orgn/service-kit';
import { playResponder } from '@orgn/testing';
import type { Measurement } from '../models/measurements.ts';

/** The id of the measurement that a hex digit stands for. */
export const measurementId = (digit: string): string => digit.repeat(64);

const seen = (digit: string, at: string): Measurement => ({
  id: measurementId(digit),
  provider: 'near',
  state: 'seen',
  ...{ firstSeenAt: at, lastSeenAt: at, decidedBy: null, decidedAt: null },
  ...{ mrtd: 'aa', rtmr0: 'a0', rtmr1: 'a1', rtmr2: 'a2', osImageHash: '05', appId: 'app' },
  ...{ composeHash: digit.repeat(64), imageDigests: [`sha256:${digit.repeat(64)}`] },
  changed: null,
});

/** Plays a router whose provider has changed its software once: `b` came after `a`. What is decided is remembered. */
export function playMeasurements(bus: Bus): void {
  const all = new Map(
    [seen('b', '2026-11-28T12:00:00.000Z'), seen('a', '2026-11-01T12:00:00.000Z')].map((one) => [one.id, one]),
  );
  playResponder(bus, listMeasurements, () => ({ measurements: [...all.values()] }));
  playResponder(bus, decideMeasurement, ({ id, state, by }) => {
    const one = all.get(id);
    if (!one) throw new ServiceError('not_found', 'There is no such measurement.');
    const measurement = { ...one, state, decidedBy: by, decidedAt: new Date().toISOString() };
    all.set(id, measurement);
    return { measurement };
  });
}
