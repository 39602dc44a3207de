import type { ClientContext, TeamId, UserId } from '@orgn/contracts';
import type { EntityManager } from 'typeorm';

/** Who did something: a person, the operator, the holder of a key's secret, a secret scanner, or this service itself. */
export type Actor = { kind: 'user'; id: UserId } | { kind: 'operator' | 'holder' | 'scanner' | 'system' };

/** One fact of the audit log, without secrets. */
export interface AuditEntry {
  /** Null: it is no team's, but a person's or the deployment's; such entries are a chain of their own. */
  teamId: TeamId | null;
  actor: Actor;
  /** `<noun>.<past participle>`, as in a route's `audit`. */
  action: string;
  object: { kind: 'key' | 'team' | 'member' | 'invitation' | 'session' | 'user' | 'measurement'; id: string };
  before?: object | null;
  after?: object | null;
  client: ClientContext | null;
}

/** What tells entries of one matter. */
export interface Once {
  field: string;
  value: string;
  /** What an entry of a release before says, which had no such field; absent: there was none. */
  formerly?: Record<string, string>;
}

/** The append-only record of every change. */
export abstract class AuditLog {
  /** Writes one entry, in the caller's transaction when it has one: the change and its entry stand or fall together. */
  abstract record(entry: AuditEntry, manager?: EntityManager): Promise<void>;

  /** Writes one entry unless there is one of the same action and object whose `after` has the same value of a field: repeated, it adds none. */
  abstract recordOnce(entry: AuditEntry, by: Once): Promise<void>;
}
