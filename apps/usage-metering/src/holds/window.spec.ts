import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { windowAt } from './window.ts';

const startOf = (period: 'day' | 'week' | 'month', at: string) => windowAt(period, new Date(at)).startsAt.toISOString();

describe('the window of a budget', () => {
  test.each([
    ['day', '2027-02-28T23:59:59.999Z', '2027-02-28'],
    ['day', '2027-03-01T00:00:00.000Z', '2027-03-01'],
    ['week', '2027-02-28T23:59:59.999Z', '2027-02-22'],
    ['week', '2027-03-01T00:00:00.000Z', '2027-03-01'],
    ['week', '2027-01-01T12:00:00.000Z', '2026-12-28'],
    ['month', '2028-02-29T23:59:59.999Z', '2028-02-01'],
    ['month', '2028-03-01T00:00:00.000Z', '2028-03-01'],
    ['month', '2026-12-31T23:59:59.999Z', '2026-12-01'],
  ] as const)('of a %s, at %s, began on %s', (period, at, day) => {
    expect(startOf(period, at)).toBe(`${day}T00:00:00.000Z`);
  });

  test('is of one day, week from Monday or month of UTC, whatever the moment and the zone of this host', () => {
    const moments = fc.date({ min: new Date('2020-01-01'), max: new Date('2100-01-01'), noInvalidDate: true });
    fc.assert(
      fc.property(moments, (at) => {
        const [day, week, month] = (['day', 'week', 'month'] as const).map((period) => windowAt(period, at).startsAt);
        expect(day?.toISOString()).toBe(`${at.toISOString().slice(0, 10)}T00:00:00.000Z`);
        expect(month?.toISOString()).toBe(`${at.toISOString().slice(0, 7)}-01T00:00:00.000Z`);
        expect(week?.getUTCDay()).toBe(1);
        const days = (Number(day) - Number(week)) / 86_400_000;
        expect([0, 1, 2, 3, 4, 5, 6]).toContain(days);
        expect(windowAt('week', week!).startsAt).toEqual(week);
      }),
    );
  });
});
