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
    attestation: attestationOf(model, routers),
    enclave: enclaveOf(model, routers),
  };
}

function availabilityOf(
  { execution, provider }: Model,
  routers: readonly RouterWord[],
  health: ConsoleModel['health']['provider'] | undefined,
): ConsoleModel['availability'] {
  if (health === undefined) return 'unknown';
  const isTaken = ({ takesUnverified, enclaves }: RouterWord) =>
    takesUnverified || enclaves?.[provider]?.isVerified === true;
  if (execution === 'tee' && !routers.some(isTaken)) return 'unverified';
  return health === 'ok' ? 'available' : 'failing';
}

/** What all routers together found: the oldest look, every software, every check that failed somewhere. */
function enclaveOf({ execution, provider }: Model, routers: readonly RouterWord[]): ConsoleModel['enclave'] {
  const words = routers.flatMap(({ enclaves }) => enclaves?.[provider] ?? []);
  if (execution !== 'tee' || words.length === 0) return null;
  const looks = words.map(({ verifiedAt }) => verifiedAt);
  return {
    verifiedAt: looks.includes(null) ? null : (looks.sort()[0] ?? null),
    composeHashes: [...new Set(words.flatMap(({ composeHash }) => composeHash ?? []))].sort(),
    failed: [...new Set(words.flatMap(({ failed }) => failed))],
    isDevelopment: words.some(({ isDevelopment }) => isDevelopment),
  };
}

/** The worst that a router says of it. What rests on a root for development is proven to nobody. */
function attestationOf({ execution, provider }: Model, routers: readonly RouterWord[]): AttestationState {
  if (execution !== 'tee') return 'not_an_enclave';
  const words = routers.flatMap(({ enclaves }) => enclaves?.[provider] ?? []);
  if (words.length === 0) return 'not_checked';
  if (words.some(({ isVerified }) => !isVerified)) return 'failed';
  return words.some(({ isDevelopment }) => isDevelopment) ? 'not_proven' : 'proven';
}
