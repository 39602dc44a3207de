import type { EventContract, PayloadOf } from '@orgn/contracts';

/** An event as it came: its subject and its stream prove what its payload only says. */
export interface Delivered<C extends EventContract = EventContract> {
  event: PayloadOf<C>;
  subject: string;
  /** The stream that it was in. */
  stream: string;
}

/** A word that cannot be settled. */
export interface Unsettleable<C extends EventContract = EventContract> {
  /** Undefined where it could not be read. */
  event: PayloadOf<C> | undefined;
  subject: string;
  stream: string;
  /** `unreadable`: it does not match its contract; `unsettleable`: its commit fails. */
  reason: 'unreadable' | 'unsettleable';
}

/** Where events end up. */
export interface Settlement<C extends EventContract = EventContract> {
  /** Commits events, all or none; may see one again. */
  settle(events: Delivered<C>[]): Promise<void>;
  /** Whether a commit failed for what is in it, so that it would fail at any time. */
  isPoison(error: unknown): boolean;
  /** Keeps a word that cannot be settled where it holds up no other. */
  quarantine(word: Unsettleable<C>): Promise<void>;
}
