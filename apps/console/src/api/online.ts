import { onlineManager } from '@tanstack/react-query';
import { useSyncExternalStore } from 'react';

let since: Date | null = null;
onlineManager.subscribe((isOnline) => {
  since = isOnline ? null : (since ?? new Date());
});

/** Why nothing can be sent without a network. */
export const OFFLINE = 'This browser is offline.';

/** Since when this browser has had no network; null: it has one. */
export function useOfflineSince(): Date | null {
  return useSyncExternalStore(
    (listener) => onlineManager.subscribe(listener),
    () => since,
  );
}
