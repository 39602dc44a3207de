import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { LookUpPace } from './look-up-pace.ts';

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

/** Asks for so many turns at once. @returns those who had theirs, in this order */
const ask = (pace: LookUpPace, count: number): number[] => {
  const served: number[] = [];
  for (let at = 0; at < count; at += 1) void pace.turn().then(() => served.push(at));
  return served;
};
const after = (strangers: number): LookUpPace => {
  const pace = new LookUpPace();
  for (let at = 0; at < strangers; at += 1) pace.refused();
  return pace;
};
const pass = (ms: number) => jest.advanceTimersByTimeAsync(ms);

describe('keys that are looked up', () => {
  test.each([0, 15])('wait for nobody, however many come at once, where %i were refused just now', async (refused) => {
    const served = ask(after(refused), 5_000);
    await pass(0);
    expect(served).toHaveLength(5_000);
  });

  test('wait in a flood of strangers, and have their turns sixteen at a time, the first of them first', async () => {
    const served = ask(after(16), 40);
    await pass(15);
    expect(served).toEqual([]);
    const counts = [];
    for (let group = 0; group < 3; group += 1) {
      await pass(group === 0 ? 1 : 16);
      counts.push(served.length);
    }
    expect(counts).toEqual([16, 32, 40]);
    expect(served).toEqual(Array.from({ length: 40 }, (_, at) => at));
    expect(jest.getTimerCount()).toBe(0);
  });

  test('wait behind those who wait already, and for nobody again once the flood is over', async () => {
    const pace = after(16);
    const first = ask(pace, 17);
    await pass(16);
    const second = ask(pace, 1);
    expect([first.length, second.length]).toEqual([16, 0]);
    await pass(16);
    expect([first.length, second.length]).toEqual([17, 1]);
    const third = ask(pace, 100);
    await pass(0);
    expect(third).toHaveLength(100);
  });

  test('do not wait where so many wait that they would hold too much', async () => {
    const pace = after(1_000);
    const waiting = ask(pace, 1_024);
    const beyond = ask(pace, 10);
    await pass(0);
    expect([waiting.length, beyond.length]).toEqual([0, 10]);
    await pass(1_024);
    expect(waiting).toHaveLength(1_024);
  });
});
