import { Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { turns } from '../testing/pair.ts';
import { Outbox } from './outbox.ts';

const GATHER_MS = 400;

function makeOutbox(gatherMs = GATHER_MS) {
  const writes: number[] = [];
  const socket = new Writable({
    write(chunk: Buffer, _encoding, done) {
      writes.push(chunk.length);
      done();
    },
  });
  return { outbox: new Outbox(socket, gatherMs), writes };
}

test('what comes after a silence leaves at the end of its turn, and what comes soon after leaves in one write', async () => {
  const { outbox, writes } = makeOutbox();
  outbox.push('heartbeat', 0);
  outbox.push('heartbeat', 0);
  await turns(1);
  expect(writes).toHaveLength(1);
  for (let at = 0; at < 5; at += 1) {
    outbox.push('heartbeat', 0);
    await turns(2);
  }
  expect(writes).toHaveLength(1);
  await sleep(GATHER_MS * 2);
  expect(writes.map((bytes) => bytes / writes[0]!)).toEqual([1, 2.5]);
});

test('what begins does not wait for others, and not more often than they would', async () => {
  const { outbox, writes } = makeOutbox(600_000);
  outbox.push('heartbeat', 0);
  await turns(1);
  outbox.push('heartbeat', 0);
  await turns(2);
  expect(writes).toHaveLength(1);
  outbox.push('request', 1);
  await turns(1);
  expect(writes.map((bytes) => bytes / writes[0]!)).toEqual([1, 2]);
  outbox.push('request', 2);
  await turns(2);
  expect(writes).toHaveLength(2);
  outbox.close();
  expect(writes.map((bytes) => bytes / writes[0]!)).toEqual([1, 2, 1]);
});
