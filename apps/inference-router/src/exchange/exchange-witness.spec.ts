import { createHash } from 'node:crypto';
import { beforeEach, describe, expect, test } from '@jest/globals';
import type { RequestId } from '@orgn/contracts';
import { Registry } from 'prom-client';
import type { RouterConfig } from '../config.ts';
import { ExchangeWitness } from './exchange-witness.ts';
import { HeldMemory } from './held-memory.ts';
import type { Target } from './target.ts';

const ROOM = 1_000_000;
let memory: HeldMemory;
beforeEach(() => {
  memory = new HeldMemory({ MAX_HELD_BYTES: ROOM } as RouterConfig, new Registry());
});

const request = { requestId: '01930000-0000-7000-8000-000000000001' as RequestId, body: [], received: undefined };
const upstream = { path: '/chat/completions', contentType: 'application/json', pieces: [], splices: [] };
const targetIn = (execution: string) => ({ model: { execution } }) as Target;
const asked = (execution: string, of: object = upstream) => {
  const witness = new ExchangeWitness(request, '/chat/completions', true, memory.lease());
  witness.asks(targetIn(execution), of as typeof upstream, undefined);
  return witness;
};
/** Bytes of the router's memory that are free. */
const free = () => {
  let [fits, exceeds] = [0, ROOM + 1];
  while (exceeds - fits > 1) {
    const [lease, middle] = [memory.lease(), Math.floor((fits + exceeds) / 2)];
    if (lease.grow(middle)) fits = middle;
    else exceeds = middle;
    lease.release();
  }
  return fits;
};
const bytes = (count: number) => Buffer.alloc(count, 'x');
const digest = (of: Buffer) => `sha256:${createHash('sha256').update(of).digest('hex')}`;

describe('what a witness keeps of an answer', () => {
  test('is of the memory that the router has for all, and given back', () => {
    const witness = asked('tee');
    witness.wire.take(bytes(300_000));
    witness.shown.take(bytes(200_000));
    expect(free()).toBe(ROOM - 500_000);
    expect(witness.wire.end().bytes).toEqual(bytes(300_000));
    witness.release();
    witness.release();
    expect(free()).toBe(ROOM);
  });

  test('ends where that memory does, and the digest is of all of it', () => {
    const others = memory.lease();
    expect(others.grow(ROOM - 100)).toBe(true);
    const witness = asked('tee');
    witness.wire.take(bytes(100));
    witness.wire.take(bytes(1));
    expect(witness.wire.end()).toMatchObject({ digest: digest(bytes(101)), bytes: null });
  });

  test('is nothing where a receipt tells no edits: outside of enclaves, and of translations', () => {
    const { splices: _, ...translation } = upstream;
    for (const witness of [asked('zdr'), asked('tee', translation)]) {
      witness.wire.take(bytes(10));
      witness.shown.take(bytes(10));
      expect([free(), witness.wire.end().bytes, witness.shown.end().bytes]).toEqual([ROOM, null, null]);
    }
  });

  test('begins with where its id is, however long it is', () => {
    const witness = asked('tee');
    witness.wire.take(Buffer.from('data: {"id":"chatcmpl-1",'));
    for (let at = 0; at < 700; at += 1) witness.wire.take(bytes(1_000));
    const { bytes: kept, head } = witness.wire.end();
    expect([kept, head.length, head.toString('utf8', 0, 24)]).toEqual([null, 4_096, 'data: {"id":"chatcmpl-1"']);
  });
});
