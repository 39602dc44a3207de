import type { ConsoleKey } from '@orgn/console-api';

const clients: Record<NonNullable<ConsoleKey['lastUsedWith']>, string> = {
  browser: 'a browser',
  cli: 'a command line',
  sdk: 'an SDK',
  service: 'a service',
  unknown: 'an unknown client',
};

/** `with an SDK` and `from 203.0.113.0/24`: what is known of the last use. */
export function lastUseParts({
  lastUsedWith,
  lastUsedFrom,
}: Pick<ConsoleKey, 'lastUsedWith' | 'lastUsedFrom'>): string[] {
  const parts = [lastUsedWith ? `with ${clients[lastUsedWith]}` : '', lastUsedFrom ? `from ${lastUsedFrom}` : ''];
  return parts.filter(Boolean);
}

/** The same in one line; empty: nothing is known. */
export function lastUseInWords(use: Pick<ConsoleKey, 'lastUsedWith' | 'lastUsedFrom'>): string {
  return lastUseParts(use).join(', ');
}

/** `3 calls, 2 of them streams`: what runs now; null: no gateway has answered. */
export function runningInWords(running: { requests: number; streams: number } | null): string {
  if (running === null) return 'not known at the moment';
  if (running.requests === 0) return 'none';
  const calls = running.requests === 1 ? '1 call' : `${running.requests} calls`;
  return running.streams === 0
    ? calls
    : `${calls}, ${running.streams} of them ${running.streams === 1 ? 'a stream' : 'streams'}`;
}
