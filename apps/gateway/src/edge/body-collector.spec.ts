import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { Registry } from 'prom-client';
import type { GatewayConfig } from '../config.ts';
import { BodyCollector } from './body-collector.ts';
import { BodyMemory } from './body-memory.ts';

const begin = (timeoutMs = 60_000) => {
  const payload = new PassThrough();
  const memory = new BodyMemory({ MAX_BODIES_BYTES: 1e9 } as GatewayConfig, new Registry());
  const source = { payload, decoder: undefined, lease: memory.lease(undefined) };
  const outcome = new BodyCollector(source, { bytes: 1e8, timeoutMs }).collect().then(
    (pieces) => Buffer.concat(pieces).length,
    (error: unknown) => (error as { code: string }).code,
  );
  return { payload, outcome };
};

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

describe('a body that takes its time', () => {
  test('is waited for while it gets on', async () => {
    const { payload, outcome } = begin();
    for (let second = 0; second < 40; second += 1) {
      payload.write(Buffer.alloc(2_000));
      await jest.advanceTimersByTimeAsync(1_000);
    }
    payload.end();
    await jest.advanceTimersByTimeAsync(1);
    expect(await outcome).toBe(80_000);
  });

  test('is waited for to the last millisecond that it may take', async () => {
    const { payload, outcome } = begin(10_001);
    payload.write(Buffer.alloc(20_000));
    await jest.advanceTimersByTimeAsync(10_000);
    payload.end();
    await jest.advanceTimersByTimeAsync(0);
    expect(await outcome).toBe(20_000);
  });

  test('is not waited for when hardly anything comes for ten seconds, however much came before', async () => {
    const { payload, outcome } = begin();
    payload.write(Buffer.alloc(1e6));
    await jest.advanceTimersByTimeAsync(10_001);
    for (let second = 0; second < 10; second += 1) {
      payload.write(Buffer.alloc(900));
      await jest.advanceTimersByTimeAsync(1_000);
    }
    expect(await outcome).toBe('request_timeout');
  });

  test('is not waited for longer than a body may take', async () => {
    const { payload, outcome } = begin();
    for (let second = 0; second < 61; second += 1) {
      payload.write(Buffer.alloc(50_000));
      await jest.advanceTimersByTimeAsync(1_000);
    }
    expect(await outcome).toBe('request_timeout');
  });
});
