import type { KeyChange, KeyView } from '@orgn/contracts';
import type { KeyEntity } from './key.entity.ts';

/** A key without its digest. */
export type KeyRecord = Omit<KeyEntity, 'digest' | 'digestKid'>;

/** What a team sees of its key. */
export function toKeyView(key: KeyRecord): KeyView {
  const { id, teamId, name, hint, state, models, executionPolicy, ipAllowList } = key;
  const { budgets, softBudgets, rpm, tpm, concurrency } = key;
  const { createdBy, ownerId, lineageId, replaces, replacedBy, revocationReason, lastUsedWith, lastUsedFrom } = key;
  return {
    ...{ id, teamId, name, hint, state, models, executionPolicy, ipAllowList },
    ...{ budgets, softBudgets, rpm, tpm, concurrency },
    ...{ createdBy, ownerId, lineageId, replaces, replacedBy, revocationReason, lastUsedWith, lastUsedFrom },
    isAwaitingSuccessor: key.graceSeconds !== null,
    expiresAt: toIso(key.expiresAt),
    createdAt: key.createdAt.toISOString(),
    lastUsedAt: toIso(key.lastUsedAt),
    revokedAt: toIso(key.revokedAt),
  };
}

export function toKeyChange(before: KeyRecord, after: KeyRecord): KeyChange {
  return { before: toKeyView(before), after: toKeyView(after) };
}

function toIso(time: Date | null): string | null {
  return time?.toISOString() ?? null;
}
