import { shortText } from '../bounds.ts';
import { z } from 'zod';
import { request } from '../contract.ts';
import { keyId, teamId } from '../ids.ts';
import { clientContext } from '../client-context.ts';
import { keyRestrictions, noRestrictions } from './key-restrictions.ts';
import { expiresAt, keyChange, keyDigest, keyHint, keyName, keyView, revocationReason } from './key-view.ts';

/**
 * Creates a key for a team on the operator's behalf: auth makes the secret, the registry gets its digest, the asker sees
 * the secret this once.
 */
export const issueKey = request('keys.issue', {
  askedBy: ['operator'],
  answeredBy: ['auth'],
  request: z.object({
    teamId,
    name: keyName,
    expiresAt: expiresAt.default(null),
    models: keyRestrictions.shape.models.default(noRestrictions.models),
    /** Absent: the team's default. */
    executionPolicy: keyRestrictions.shape.executionPolicy.optional(),
    ipAllowList: keyRestrictions.shape.ipAllowList.default(noRestrictions.ipAllowList),
    budgets: keyRestrictions.shape.budgets.default(noRestrictions.budgets),
    softBudgets: keyRestrictions.shape.softBudgets.default(noRestrictions.softBudgets),
    rpm: keyRestrictions.shape.rpm.default(noRestrictions.rpm),
    tpm: keyRestrictions.shape.tpm.default(noRestrictions.tpm),
    concurrency: keyRestrictions.shape.concurrency.default(noRestrictions.concurrency),
  }),
  reply: z.object({ id: keyId, key: shortText, hint: keyHint, teamId }),
  errors: ['invalid_request', 'request_conflict', 'team_not_found'],
  timeoutMs: 8_000,
});

/** Ends a key on the operator's behalf; recorded in the team's audit log. The operator is not asked to confirm. */
export const withdrawKey = request('keys.withdraw', {
  askedBy: ['operator'],
  answeredBy: ['auth'],
  request: z.object({ id: keyId, reason: revocationReason }),
  reply: keyChange,
  errors: ['not_found'],
  timeoutMs: 8_000,
});

/** Ends a key on behalf of whoever holds its whole secret, with reason `leaked`: possession is the authority. */
export const surrenderKey = request('keys.surrender', {
  askedBy: ['gateway'],
  answeredBy: ['auth'],
  request: z.object({ digest: keyDigest, client: clientContext }),
  reply: keyView,
  errors: ['invalid_api_key'],
  timeoutMs: 8_000,
});
