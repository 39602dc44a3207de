import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { keysChanged, ServiceError, type RequestId } from '@orgn/contracts';
import type { Bus, ServiceLog } from '@orgn/service-kit';
import { Registry } from 'prom-client';
import type { CallersService } from '../authentication/callers.service.ts';
import { makeWord } from '../authentication/make.ts';
import type { PresentedKey } from '../authentication/presented-key.ts';
import type { GatewayConfig } from '../config.ts';
import { KeyWatch } from './key-watch.ts';
import { RunningRequests } from './running-requests.ts';

const REVERIFY_MS = 5_000;

const start = () => {
  const listening = new Set<unknown>();
  const bus = {
    listen: (contract: unknown) => {
      listening.add(contract);
      return () => void listening.delete(contract);
    },
  };
  const confirm = jest.fn<CallersService['confirm']>().mockRejectedValue(new ServiceError('internal', 'Silent.'));
  const running = new RunningRequests({ info: () => undefined } as unknown as ServiceLog, new Registry());
  const config = { REVERIFY_MS } as GatewayConfig;
  const watch = new KeyWatch(bus as unknown as Bus, { confirm } as unknown as CallersService, running, config);
  watch.onApplicationBootstrap();
  return { watch, confirm, listening };
};
const use = () => ({
  requestId: 'request' as RequestId,
  key: {} as PresentedKey,
  caller: { ...makeWord(), askedAt: performance.now() },
  models: [],
  isStream: true,
});

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

describe('the watch over keys', () => {
  test('asks about a request once the word on its key is as old as it may be', async () => {
    const { watch, confirm } = start();
    const cut = watch.during(use(), (signal) => new Promise((resolve) => signal.addEventListener('abort', resolve)));
    await jest.advanceTimersByTimeAsync(REVERIFY_MS - 1);
    expect(confirm).not.toHaveBeenCalled();
    await jest.advanceTimersByTimeAsync(1);
    expect(confirm).toHaveBeenCalledTimes(1);
    // What the registry says nothing of is cut, in doubt, after three times as long.
    await jest.advanceTimersByTimeAsync(2 * REVERIFY_MS);
    await cut;
  });

  test('ends with the gateway: nothing looks and nothing listens any more', async () => {
    const { watch, confirm, listening } = start();
    expect([jest.getTimerCount(), [...listening]]).toEqual([1, [keysChanged]]);
    watch.onApplicationShutdown();
    expect([jest.getTimerCount(), [...listening]]).toEqual([0, []]);
    void watch.during(use(), () => new Promise(() => undefined));
    await jest.advanceTimersByTimeAsync(2 * REVERIFY_MS);
    expect(confirm).not.toHaveBeenCalled();
  });
});
