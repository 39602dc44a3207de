import { useSyncExternalStore } from 'react';

const listeners = new Set<() => void>();
let hasEnded = false;

function set(value: boolean): void {
  if (value === hasEnded) return;
  hasEnded = value;
  for (const listener of listeners) listener();
}

/** Whether the server has said `not_signed_in` since the person last signed in. */
export const sessionEnd = {
  say: () => set(true),
  mend: () => set(false),
};

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useSessionEnd(): boolean {
  return useSyncExternalStore(subscribe, () => hasEnded);
}
