import { ServiceError, type Model } from '@orgn/contracts';
import type { Admission } from '@orgn/service-kit';
import type { Admitted } from './admission.gate.ts';

/** What stands under its limits, at the beginning of a sentence. */
export function subjectOf({ source }: Pick<Admission, 'source'>): string {
  return source === 'playground' ? 'The playground of this team' : 'This API key';
}

/** @throws ServiceError `execution_policy` or `model_not_allowed` when the key of a request may not run a model */
export function requirePermitted({ admission, models }: Admitted, model: Pick<Model, 'id' | 'execution'>): void {
  if (admission.executionPolicy === 'tee_only' && model.execution !== 'tee') {
    throw new ServiceError(
      'execution_policy',
      `${subjectOf(admission)} runs models in a TEE only, and ${model.id} does not.`,
      {
        param: 'model',
      },
    );
  }
  if (models !== null && !models.includes(model.id))
    throw new ServiceError('model_not_allowed', `${subjectOf(admission)} may not use ${model.id}.`, { param: 'model' });
}
