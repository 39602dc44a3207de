import type { ConsoleKey } from '@orgn/console-api';
import type { Tone } from '../ui/badge.tsx';

/** What a person is told of a key: its state, and what is about to become of it. */
export interface Standing {
  word: string;
  tone: Tone;
  /** What that means, in a sentence. */
  meaning: string;
}

const SOON_MS = 7 * 86_400_000;

/** Whether it is over for good. */
export function hasEnded({ state }: Pick<ConsoleKey, 'state'>): boolean {
  return state === 'revoked' || state === 'expired';
}

const words: Record<ConsoleKey['state'], Standing> = {
  revoked: { word: 'Revoked', tone: 'neutral', meaning: 'Refused everywhere with 401, for good.' },
  expired: { word: 'Expired', tone: 'neutral', meaning: 'Its end has come. It is refused with 401.' },
  suspended: {
    word: 'Owner left',
    tone: 'warning',
    meaning: 'Whoever owned it has left the team. It is refused until somebody enables it, and so takes it over.',
  },
  disabled: { word: 'Disabled', tone: 'warning', meaning: 'Refused with 403 until somebody enables it again.' },
  rotating: {
    word: 'Being replaced',
    tone: 'accent',
    meaning: 'Another key has taken its place. It is still accepted, so that callers can move over.',
  },
  active: { word: 'Active', tone: 'good', meaning: 'Accepted.' },
};

/** One word for one key, the weightiest first; leaked outweighs all. `now` in milliseconds. */
export function standingOf(key: Pick<ConsoleKey, 'state' | 'expiresAt' | 'revocationReason'>, now: number): Standing {
  if (key.state === 'revoked' && key.revocationReason === 'leaked') {
    const meaning = 'Found in public and revoked. Give its callers another key, and look at what it was used for.';
    return { word: 'Leaked', tone: 'bad', meaning };
  }
  const isEndingSoon = key.expiresAt !== null && new Date(key.expiresAt).getTime() - now < SOON_MS;
  if (key.state === 'active' && isEndingSoon) {
    return { word: 'Expires soon', tone: 'warning', meaning: 'Accepted, for less than seven more days.' };
  }
  return words[key.state];
}
