import { Socket } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { FairTurns } from './fair-turns.ts';

const heard = (sockets: Socket[]) => sockets.filter((socket) => !socket.isPaused()).length;

describe('new connections', () => {
  test('of a network that opens many at once are heard a few a turn, and all of them in the end', async () => {
    const turns = new FairTurns();
    const crowd = Array.from({ length: 100 }, () => new Socket());
    for (const socket of crowd) turns.admit(socket, 'crowd');
    expect(heard(crowd)).toBe(4);
    await nextTurn();
    expect(heard(crowd)).toBeLessThanOrEqual(8);
    for (let turn = 0; turn < 40; turn += 1) await nextTurn();
    expect(heard(crowd)).toBe(100);
  });

  test('of another network wait for one turn, however many were there before', async () => {
    const turns = new FairTurns();
    for (let count = 0; count < 1_000; count += 1) turns.admit(new Socket(), 'crowd');
    const somebody = new Socket();
    turns.admit(somebody, 'elsewhere');
    expect(somebody.isPaused()).toBe(true);
    for (let turn = 0; turn < 2; turn += 1) await nextTurn();
    expect(somebody.isPaused()).toBe(false);
  });

  test('that have left take no turn', async () => {
    const turns = new FairTurns();
    const crowd = Array.from({ length: 50 }, () => new Socket());
    for (const socket of crowd) turns.admit(socket, 'crowd');
    for (const socket of crowd) socket.destroy();
    const last = new Socket();
    turns.admit(last, 'crowd');
    for (let turn = 0; turn < 2; turn += 1) await nextTurn();
    expect(last.isPaused()).toBe(false);
  });
});
