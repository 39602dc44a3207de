import { Injectable } from '@nestjs/common';
import type { KeyChange, KeyView } from '@orgn/contracts';
import type { AuditEntry } from '../audit/audit-log.ts';
import { AuditRepository } from '../audit/audit.repository.ts';
import { changedFields } from '../audit/changed-fields.ts';

export type By = Pick<AuditEntry, 'actor' | 'client'>;

/** Actions that say whether a key is accepted: the last one of a key is how it stands. */
const STATE_ACTIONS = ['key.revoked', 'key.disabled', 'key.enabled'] as const;
export type StateAction = (typeof STATE_ACTIONS)[number];

/** What the audit log says of keys. */
@Injectable()
export class KeyEntries {
  constructor(private readonly audit: AuditRepository) {}

  async created(key: KeyView, by: By): Promise<void> {
    const { name, hint, expiresAt, models, executionPolicy, ipAllowList } = key;
    const { budgets, softBudgets, rpm, tpm, concurrency } = key;
    const limits = { budgets, softBudgets, rpm, tpm, concurrency };
    const after = { name, hint, expiresAt, models, executionPolicy, ipAllowList, ...limits };
    await this.audit.record({ ...this.#about(key, by), action: 'key.created', after });
  }

  async rotated({ before, after }: KeyChange, replacement: KeyView, by: By): Promise<void> {
    const changed = changedFields(before, { ...after, lastUsedAt: before.lastUsedAt });
    await this.audit.record({
      ...this.#about(before, by),
      action: 'key.rotated',
      before: changed.before,
      after: { ...changed.after, replacedBy: replacement.id, hint: replacement.hint },
    });
  }

  /** Writes that a replaced key was given so many seconds more, from now or from the first use of its successor. */
  async extended({ before, after }: KeyChange, graceSeconds: number, by: By): Promise<void> {
    await this.audit.record({
      ...this.#about(after, by),
      action: 'key.extended',
      before: { expiresAt: before.expiresAt },
      after: { expiresAt: after.expiresAt, graceSeconds },
    });
  }

  /**
   * Writes what changed. A repetition writes nothing, unless the entry of what it repeats could not be written then: the log
   * does not say yet what the key is like.
   * @param fields what was asked to change
   */
  async updated(change: KeyChange, fields: readonly string[], by: By): Promise<void> {
    const made = fieldsOf(change);
    const isRepetition = Object.keys(made.after).length === 0;
    const { before, after } = isRepetition ? await this.#unwritten(change.after, fields) : made;
    if (Object.keys(after).length === 0) return;
    await this.audit.record({ ...this.#about(change.after, by), action: 'key.updated', before, after });
  }

  async #unwritten(key: KeyView, fields: readonly string[]): Promise<{ before: object; after: object }> {
    const written = await this.audit.lastValues(key.id, ['key.created', 'key.updated']);
    const pick = (from: object) => Object.fromEntries(Object.entries(from).filter(([field]) => fields.includes(field)));
    return changedFields(pick(written), pick(key));
  }

  /**
   * Writes that a key is accepted or refused from now on. A repetition writes nothing, unless the entry of what it repeats
   * could not be written then.
   */
  async stateChanged(action: StateAction, change: KeyChange, by: By): Promise<void> {
    const { before, after } = fieldsOf(change);
    const isRepetition = change.before.state === change.after.state;
    if (isRepetition && (await this.audit.lastOf(change.after.id, STATE_ACTIONS)) === action) return;
    const { state, revocationReason: reason } = change.after;
    const said = isRepetition ? { before: null, after: { state, reason } } : { before, after };
    await this.audit.record({ ...this.#about(change.after, by), action, ...said });
  }

  #about({ id, teamId }: KeyView, by: By): Omit<AuditEntry, 'action'> {
    return { ...by, teamId, object: { kind: 'key', id } };
  }
}

/** When a key was last used is no change that anybody made. */
function fieldsOf({ before, after }: KeyChange): { before: object; after: object } {
  return changedFields({ ...before, lastUsedAt: null }, { ...after, lastUsedAt: null });
}
