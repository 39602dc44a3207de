import type { RequestId } from '@orgn/contracts';
import { mintTicket, type AdmissionKeys } from '@orgn/service-kit';
import type { KeyJudgement } from './keys.repository.ts';

/** The ticket of a request that an accepted key was presented for: what the key is now, at the database's time. */
export function toTicket(keys: AdmissionKeys, requestId: RequestId, key: KeyJudgement): string {
  const { id: keyId, teamId, ownerId, lineageId, executionPolicy, budgets, rpm, tpm } = key;
  const admission = {
    source: 'api',
    requestId,
    keyId,
    teamId,
    ownerId,
    lineageId,
    admittedAtMs: key.judgedAt.getTime(),
  } as const;
  return mintTicket(keys, { ...admission, executionPolicy, budgets, rpm, tpm }, key.models);
}
