import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { ServiceError } from '@orgn/contracts';
import { Health, type Bus, type ServiceLog } from '@orgn/service-kit';
import { AdmissionClock } from './admission-clock.ts';

const HOUR_MS = 3_600_000;
const log = { debug: () => undefined, warn: () => undefined } as unknown as ServiceLog;
const clocks: AdmissionClock[] = [];

afterEach(() => {
  for (const clock of clocks.splice(0)) clock.onApplicationShutdown();
  jest.restoreAllMocks();
});

/** A clock whose registry tells these times, one after the other; undefined: it cannot be reached. */
async function clockOf(...told: (number | undefined)[]) {
  const answers = [...told];
  const ask = async () => {
    const databaseMs = answers.length > 1 ? answers.shift() : answers[0];
    if (databaseMs === undefined) throw new ServiceError('service_unavailable', 'No.');
    return { databaseMs };
  };
  const health = new Health();
  const clock = new AdmissionClock({ ask } as unknown as Bus, log, health);
  clocks.push(clock);
  await clock.onApplicationBootstrap();
  return { clock, health };
}

describe('the time of admission', () => {
  test('is what the registry tells, and goes on by itself, whatever happens to the clock of this host', async () => {
    const { clock } = await clockOf(1_000_000);
    for (const shift of [-10 * 60_000, 10 * 60_000, 0]) {
      jest.spyOn(Date, 'now').mockReturnValue(Date.now() + shift);
      expect(clock.nowMs).toBeGreaterThanOrEqual(1_000_000);
      expect(clock.nowMs).toBeLessThan(1_000_000 + 5_000);
    }
    jest.spyOn(performance, 'now').mockReturnValue(performance.now() + HOUR_MS);
    expect(clock.nowMs).toBeGreaterThanOrEqual(1_000_000 + HOUR_MS);
  });

  test('is moved on by a good ticket from later, and never back by one from before', async () => {
    const { clock } = await clockOf(1_000_000);
    clock.advanceTo(5_000_000);
    expect(clock.nowMs).toBeGreaterThanOrEqual(5_000_000);
    clock.advanceTo(2_000_000);
    expect(clock.nowMs).toBeGreaterThanOrEqual(5_000_000);
  });

  test('is unknown until the registry has told it: no ticket can, and the router is not ready', async () => {
    const { clock, health } = await clockOf(undefined, undefined, 7_000_000);
    clock.advanceTo(5_000_000);
    expect(clock.nowMs).toBeUndefined();
    expect(await health.run()).toMatchObject({ isOk: false, checks: { admission: 'failing' } });
    await new Promise((resolve) => setTimeout(resolve, 900));
    expect(clock.nowMs).toBeGreaterThanOrEqual(7_000_000);
    expect(await health.run()).toMatchObject({ isOk: true });
  });
});
