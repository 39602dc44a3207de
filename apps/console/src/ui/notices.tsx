import { useSyncExternalStore } from 'react';

interface Notice {
  id: number;
  text: string;
  /** False: eyes see elsewhere on the page what it says. */
  isShown: boolean;
}

const KEPT_MS = 6_000;
const listeners = new Set<() => void>();
let notices: readonly Notice[] = [];
let last = 0;

function set(next: readonly Notice[]): void {
  notices = next;
  for (const listener of listeners) listener();
}

function add(text: string, isShown: boolean): void {
  if (listeners.size === 0) return;
  last += 1;
  const id = last;
  set([...notices, { id, text, isShown }]);
  setTimeout(() => set(notices.filter((notice) => notice.id !== id)), KEPT_MS);
}

/** Says in passing that something was done, to eyes and ears. */
export function notify(text: string): void {
  add(text, true);
}

/** Says to those who hear the page what those who see it see where it happened. */
export function announce(text: string): void {
  add(text, false);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/**
 * Where all of that is said. Screen readers only hear of what comes into a region that was there before; and an open dialog hides
 * whatever is not marked as live by the attribute itself.
 */
export function Notices() {
  const said = useSyncExternalStore(subscribe, () => notices);
  return (
    <div className="notices" role="status" aria-live="polite">
      {said.map(({ id, text, isShown }) => (
        <p key={id} className={isShown ? undefined : 'unseen'}>
          {text}
        </p>
      ))}
    </div>
  );
}
