import { Enclave, Intel, Nras, sessionEvidence, type EvidenceQuestion } from '@orgn/evidence';
import type { CheckId } from '../checks/check-ids.ts';
import type { CheckStatus } from '../checks/check.ts';
import { nodeCrypto } from '../node.ts';
import { requirements, strictPolicy } from '../policy/default-policy.ts';
import type { Verification } from '../policy/verification.ts';
import { developmentRoots } from '../roots/development-roots.ts';
import type { VerifiedSession } from '../session/verify-session.ts';

/** When everything here is made and verified. */
export const at = Date.parse('2026-03-01T00:00:00Z');
export const intel = new Intel({ now: () => at });
const nras = new Nras(() => at);
const enclaves = Object.fromEntries(
  ([4, 5] as const).map((quoteVersion) => [
    quoteVersion,
    new Enclave({ intel, name: 'an application', model: 'a model', gpus: 2, quoteVersion }),
  ]),
) as Record<4 | 5, Enclave>;
export const enclave = enclaves[4];

const { approved: _, ...others } = requirements;

/** Everything is demanded but that somebody approved what was measured. */
export const given: Verification = {
  policy: { ...strictPolicy, require: Object.values(others).flat() },
  roots: developmentRoots,
  at,
  crypto: nodeCrypto,
};

type MadeEvidence = ReturnType<typeof sessionEvidence>;

export const evidenceOf = (question: EvidenceQuestion = {}, version: 4 | 5 = 4): MadeEvidence =>
  sessionEvidence({ intel, nras, enclave: enclaves[version] }, question);

export const statusOf = ({ checks }: Pick<VerifiedSession, 'checks'>, id: CheckId): CheckStatus | undefined =>
  checks.find((check) => check.id === id)?.status;
