import { Socket } from 'node:net';
import { setTimeout as delay, setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { FairTurns } from './fair-turns.ts';

/** At four a turn and a rest of at least 1 ms these take a second. */
const MANY = 4_000;
/** Time for a few turns. */
const SOON_MS = 100;

const heard = (sockets: Socket[]) => sockets.filter((socket) => !socket.isPaused()).length;

function crowdOf(count: number): { turns: FairTurns; crowd: Socket[] } {
  const turns = new FairTurns();
  const crowd = Array.from({ length: count }, () => new Socket());
  for (const socket of crowd) turns.admit(socket, 'crowd');
  return { turns, crowd };
}

describe('new connections', () => {
  test('of a network that opens many at once are heard a few a turn, and all of them in the end', async () => {
    const { crowd } = crowdOf(100);
    expect(heard(crowd)).toBe(4);
    await nextTurn();
    expect(heard(crowd)).toBeLessThanOrEqual(8);
    while (heard(crowd) < 100) await delay(1);
  });

  test('of another network wait for one turn, however many were there before', async () => {
    const { turns } = crowdOf(MANY);
    const somebody = new Socket();
    turns.admit(somebody, 'elsewhere');
    expect(somebody.isPaused()).toBe(true);
    await delay(SOON_MS);
    expect(somebody.isPaused()).toBe(false);
  });

  test('that have left take no turn', async () => {
    const { turns, crowd } = crowdOf(MANY);
    for (const socket of crowd) socket.destroy();
    const last = new Socket();
    turns.admit(last, 'crowd');
    await delay(SOON_MS);
    expect(last.isPaused()).toBe(false);
  });

  test('while some wait leave as much time to what is under way as they take', async () => {
    const turns = new FairTurns();
    const crowd = Array.from({ length: 40 }, () => new Socket());
    let busyMs = 0;
    for (const socket of crowd) {
      socket.on('resume', () => {
        const until = performance.now() + 2;
        while (performance.now() < until);
        busyMs += 2;
      });
    }
    const since = performance.now();
    for (const socket of crowd) turns.admit(socket, 'crowd');
    while (heard(crowd) < 40) await delay(1);
    expect(busyMs).toBeGreaterThanOrEqual(72);
    expect(performance.now() - since).toBeGreaterThanOrEqual(1.7 * busyMs);
  });
});
