import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import type { JsMsg } from '@nats-io/jetstream';
import { event } from '@orgn/contracts';
import { z } from 'zod';
import { ServiceLog } from '../logging/service-log.ts';
import { DeliveredMessage } from './delivered-message.ts';
import { ACK_WAIT_MS } from './event-stream.ts';
import { SettlingQueue } from './settling-queue.ts';

const log = new ServiceLog('test', 'test-1', 'fatal');
const contract = event('events.usage.tests', {
  publishedBy: ['gateway'],
  consumedBy: ['usage-metering'],
  payload: z.object({ n: z.number() }),
  maxBatch: 4,
});

/** A message as the server would deliver it, and what it is told about it. */
function makeMessage(...numbers: number[]) {
  return makeMessageOf(JSON.stringify(numbers.map((n) => ({ n }))));
}

function makeMessageOf(text: string) {
  const told = { working: jest.fn(), ack: jest.fn(), nak: jest.fn() };
  const data = Buffer.from(text);
  const message = { subject: contract.subject, data, info: { stream: 'USAGE' }, ...told } as unknown as JsMsg;
  return { told, delivered: new DeliveredMessage(message, [contract]) };
}

/** A queue whose commits succeed when they are let. */
function makeQueue() {
  const commit = Promise.withResolvers<undefined>();
  const settle = () => commit.promise;
  const settlement = { settle, isPoison: () => false, quarantine: () => Promise.resolve() };
  return { queue: new SettlingQueue(settlement, 1, log), commit };
}

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

test('a server hears of every message that waits, well before it would deliver it to somebody else', async () => {
  const { queue, commit } = makeQueue();
  const [settling, waiting] = [makeMessage(1, 2), makeMessage(3)];
  queue.add(settling.delivered);
  await jest.advanceTimersByTimeAsync(5);
  queue.add(waiting.delivered);
  for (const turn of [1, 2, 3]) {
    // Two words in each wait: one may be lost.
    await jest.advanceTimersByTimeAsync(ACK_WAIT_MS);
    for (const { told } of [settling, waiting]) expect(told.working.mock.calls.length).toBeGreaterThanOrEqual(2 * turn);
  }
  expect([settling.told.ack, waiting.told.ack].map(({ mock }) => mock.calls)).toEqual([[], []]);
  commit.resolve(undefined);
  await jest.advanceTimersByTimeAsync(10);
  for (const { told } of [settling, waiting]) {
    expect(told.ack).toHaveBeenCalledTimes(1);
    told.working.mockClear();
  }
  await jest.advanceTimersByTimeAsync(ACK_WAIT_MS);
  for (const { told } of [settling, waiting]) expect(told.working).not.toHaveBeenCalled();
  await queue.stop();
  for (const { told } of [settling, waiting]) expect(told.nak).not.toHaveBeenCalled();
});

test('what was not committed when it stops is handed back, and no longer said to be worked on', async () => {
  const settlement = {
    settle: () => Promise.reject(new Error('database is down')),
    isPoison: () => false,
    quarantine: () => Promise.resolve(),
  };
  const queue = new SettlingQueue(settlement, 1, log);
  const { told, delivered } = makeMessage(1);
  queue.add(delivered);
  await jest.advanceTimersByTimeAsync(10);
  const stopped = queue.stop();
  await jest.advanceTimersByTimeAsync(10);
  await stopped;
  expect(told.nak).toHaveBeenCalledTimes(1);
  expect(told.ack).not.toHaveBeenCalled();
  told.working.mockClear();
  await jest.advanceTimersByTimeAsync(ACK_WAIT_MS);
  expect(told.working).not.toHaveBeenCalled();
});

test.each([
  ['2,000 events', 2_000, Array.from({ length: 1_300 }, () => makeMessage(1, 2, 3, 4))],
  [
    '4 MiB',
    15,
    Array.from({ length: 40 }, () => makeMessageOf(JSON.stringify([{ n: 1, pad: 'x'.repeat(300 * 1024) }]))),
  ],
])('a backlog is settled in commits of at most %s, all of it', async (_, most, messages) => {
  const sizes: number[] = [];
  const settlement = {
    settle: (words: readonly unknown[]) => Promise.resolve(void sizes.push(words.length)),
    isPoison: () => false,
    quarantine: () => Promise.resolve(),
  };
  const queue = new SettlingQueue(settlement, 1, log);
  for (const { delivered } of messages) queue.add(delivered);
  await jest.advanceTimersByTimeAsync(1_000);
  const events = messages.reduce((sum, { delivered }) => sum + delivered.words.length, 0);
  expect([sizes.reduce((sum, size) => sum + size, 0), sizes.length > 2]).toEqual([events, true]);
  expect(Math.max(...sizes)).toBeLessThanOrEqual(most);
  await queue.stop();
});
