import { expect, test } from '@jest/globals';
import { Health } from './health.ts';

test('a host waits for what it needs, and takes connections as soon as that is there', async () => {
  const health = new Health();
  let asked = 0;
  health.add('registry', () => {
    asked += 1;
    if (asked < 3) throw new Error('not yet');
  });
  await health.settled(60_000);
  expect(asked).toBe(3);
});

test('a host that lacks something for too long goes on without it, to say so', async () => {
  const health = new Health();
  health.add('registry', () => Promise.reject(new Error('gone')));
  await health.settled(120);
  expect((await health.run()).isOk).toBe(false);
});

test('who is not patient asks nobody', async () => {
  const health = new Health();
  health.add('registry', () => {
    throw new Error('asked');
  });
  await expect(health.settled(0)).resolves.toBeUndefined();
});
