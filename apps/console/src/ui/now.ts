import { useSyncExternalStore } from 'react';

const listeners = new Set<() => void>();
let now = Date.now();
let timer: ReturnType<typeof setInterval> | undefined;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(tick, 1_000);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

function tick(): void {
  now = Date.now();
  for (const listener of listeners) listener();
}

/** The time by this browser's clock, in milliseconds, kept current to `stepSeconds`. */
export function useNow(stepSeconds: number): number {
  const step = stepSeconds * 1_000;
  return useSyncExternalStore(subscribe, () => Math.floor(now / step) * step);
}
