import { expect, test } from '@jest/globals';
import { Turnstile, TurnstileFullError } from './turnstile.ts';

test('no more works run at once than are let through, each gets its turn, and one that fails makes way', async () => {
  const turnstile = new Turnstile(2);
  const order: number[] = [];
  const running = { now: 0, most: 0 };
  const works = Array.from({ length: 9 }, (_, index) =>
    turnstile.pass(async () => {
      running.most = Math.max(running.most, (running.now += 1));
      await new Promise(setImmediate);
      order.push(index);
      running.now -= 1;
      if (index % 3 === 0) throw new Error('failed');
    }),
  );
  const ends = await Promise.allSettled(works);
  expect(ends.map(({ status }) => status === 'rejected')).toEqual(ends.map((_, index) => index % 3 === 0));
  expect(order).toEqual([...order].sort((one, other) => one - other));
  expect(running).toEqual({ now: 0, most: 2 });
});

test('who waits too long is turned away without having begun, and takes nobody’s turn', async () => {
  const turnstile = new Turnstile(1, 30);
  const { promise: hung, resolve: wake } = Promise.withResolvers<string>();
  const begun: string[] = [];
  const first = turnstile.pass(() => hung);
  await expect(turnstile.pass(async () => begun.push('second'))).rejects.toThrow(TurnstileFullError);
  wake('first');
  expect(await first).toBe('first');
  expect(await turnstile.pass(async () => begun.push('third'))).toBe(1);
  expect(begun).toEqual(['third']);
});
