import { useEffect, useRef } from 'react';
import type { Turn } from './conversation.ts';

/** So far below the window's lower edge a reader still follows; further up they read something else. */
const NEAR_PX = 320;

/** The end of a conversation, which the window follows as long as its reader does. */
export function EndOfTurns({ turns }: { turns: readonly Turn[] }) {
  const end = useRef<HTMLDivElement>(null);
  // The window's scroll position is the system outside.
  useEffect(() => {
    const top = end.current?.getBoundingClientRect().top ?? 0;
    if (turns.length > 0 && top > window.innerHeight / 2 && top < window.innerHeight + NEAR_PX) {
      end.current?.scrollIntoView({ block: 'end' });
    }
  }, [turns]);
  return <div ref={end} className="end-of-turns" />;
}
