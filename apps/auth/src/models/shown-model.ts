import type { AttestationState, ConsoleModel } from '@orgn/console-api';
import type { Model } from '@orgn/contracts';
import { usedMembers } from '@orgn/dialects';
import { worstOf, type RouterWord } from './router-survey.ts';

/** A model of the catalogue, with what its routers say of its provider now. */
export function toShownModel({ tokenizer: _, ...model }: Model, routers: readonly RouterWord[]): ConsoleModel {
  const word = worstOf(model.provider, routers);
  return {
    ...model,
    parameters: usedMembers(model.type, model.capabilities),
    health: { provider: word?.health ?? 'unknown', circuit: word?.circuit ?? null },
    availability: availabilityOf(model, routers, word?.health),
    attestation: attestationOf(model),
  };
}

function availabilityOf(
  { execution }: Model,
  routers: readonly RouterWord[],
  health: ConsoleModel['health']['provider'] | undefined,
): ConsoleModel['availability'] {
  if (health === undefined) return 'unknown';
  if (execution === 'tee' && !routers.some(({ takesUnverified }) => takesUnverified)) return 'unverified';
  return health === 'ok' ? 'available' : 'failing';
}

/** No release verifies enclaves yet. */
function attestationOf({ execution }: Model): AttestationState {
  return execution === 'tee' ? 'not_checked' : 'not_an_enclave';
}
