import { requirements, type CheckId, type VerifiedSession } from '@orgn/attestation';
import { patchLevels, type FailedCheck } from '@orgn/contracts';
import type { TeeDemands } from '@orgn/dialects';

const gpuIds: readonly CheckId[] = [...requirements.gpu, ...requirements.nras];

/** What a request demands of an enclave beyond the deployment's policy, and does not get; it can only narrow. */
export function unmet({ checks, facts }: VerifiedSession, demands: TeeDemands): FailedCheck[] {
  return [...(demands.isGpu ? unmetGpus({ checks, facts }) : []), ...(isLevel(facts, demands) ? [] : [belowLevel])];
}

function unmetGpus({ checks, facts }: Pick<VerifiedSession, 'checks' | 'facts'>): FailedCheck[] {
  const statusOf = new Map(checks.map(({ id, status }) => [id, status]));
  const unpassed = gpuIds.flatMap((id): FailedCheck[] => {
    const status = statusOf.get(id) ?? 'unknown';
    return status === 'pass' ? [] : [{ id, status }];
  });
  const hasNone = (facts.gpus?.count ?? 0) === 0;
  return hasNone && unpassed.length === 0 ? [{ id: 'gpu_count', status: 'fail' }] : unpassed;
}

const belowLevel: FailedCheck = { id: 'tcb_level', status: 'fail' };

function isLevel({ tcb }: VerifiedSession['facts'], demands: TeeDemands): boolean {
  const levels: readonly string[] = patchLevels;
  if (demands.tcb === null) return true;
  const at = levels.indexOf(tcb?.status ?? '');
  return at >= 0 && at <= levels.indexOf(demands.tcb);
}
