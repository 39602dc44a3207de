import { useSyncExternalStore } from 'react';
import { keep, kept } from './kept.ts';

const listeners = new Set<() => void>();

function isZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}

/** The zone that times are shown in: the chosen one, or the browser's. */
export function timeZone(): string {
  const chosen = kept('zone');
  if (chosen !== null && isZone(chosen)) return chosen;
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return own && isZone(own) ? own : 'UTC';
}

/** @param zone IANA name; null: the browser's own */
export function chooseTimeZone(zone: string | null): void {
  keep('zone', zone);
  for (const listener of listeners) listener();
}

export function useTimeZone(): string {
  return useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, timeZone);
}
