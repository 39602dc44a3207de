import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import type { AdmissionClock } from '../admission/admission-clock.ts';
import type { CatalogueService } from '../catalogue/catalogue.service.ts';
import type { RouterConfig } from '../config.ts';
import type { ProvidersService } from '../providers/providers.service.ts';
import { ChannelService } from './channel.service.ts';

const makeChannel = (clock: { nowMs: number | undefined } = { nowMs: 1 }) =>
  new ChannelService(
    { INSTANCE: 'inference-router-1', ADVERTISED_URL: 'http://127.0.0.1:1' } as RouterConfig,
    { version: 'v' } as CatalogueService,
    { health: () => [] } as unknown as ProvidersService,
    clock as AdmissionClock,
  );

beforeEach(() => void jest.useFakeTimers({ now: 1_000_000 }));
afterEach(() => void jest.useRealTimers());

test('a token opens the channel for the 60 seconds that it was given for, and not a moment longer', () => {
  const channel = makeChannel();
  const { token, tokenSeconds } = channel.open();
  expect(tokenSeconds).toBe(60);
  expect(channel.isOpen(token)).toBe(true);
  jest.advanceTimersByTime(59_999);
  expect(channel.isOpen(token)).toBe(true);
  jest.advanceTimersByTime(1);
  expect(channel.isOpen(token)).toBe(false);
});

test('a token lives no longer because the channel was opened again, nor ends with those before it', () => {
  const channel = makeChannel();
  const first = channel.open().token;
  jest.advanceTimersByTime(30_000);
  const second = channel.open().token;
  expect([first, second].map((token) => channel.isOpen(token))).toEqual([true, true]);
  jest.advanceTimersByTime(30_000);
  const third = channel.open().token;
  expect([first, second, third].map((token) => channel.isOpen(token))).toEqual([false, true, true]);
});

test('no token opens the channel but those of this router, and there is none while no ticket can be judged', () => {
  const { token } = makeChannel().open();
  expect(makeChannel().isOpen(token)).toBe(false);
  expect(makeChannel().isOpen('')).toBe(false);
  expect(() => makeChannel({ nowMs: undefined }).open()).toThrow('Nothing can be admitted yet.');
});
