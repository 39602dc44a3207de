import type { ConsoleKey } from '@orgn/console-api';
import { Badge } from '../ui/badge.tsx';
import { useNow } from '../ui/now.ts';
import { standingOf } from './key-state.ts';

/** The one state of a key. */
export function KeyState({ value }: { value: Pick<ConsoleKey, 'state' | 'expiresAt' | 'revocationReason'> }) {
  const { word, tone, meaning } = standingOf(value, useNow(60));
  return (
    <Badge tone={tone} title={meaning}>
      {word}
    </Badge>
  );
}
