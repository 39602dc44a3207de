import { measuredNames, type AttestationState, type ConsoleModel } from '@orgn/console-api';
import type { Model } from '@orgn/contracts';
import { usedMembers } from '@orgn/dialects';
import type { Measurement } from './measurements.ts';
import { worstOf, type RouterWord } from './router-survey.ts';

/** A model of the catalogue, with what its routers say of its provider now. */
export function toShownModel(
  { tokenizer: _, ...model }: Model,
  routers: readonly RouterWord[],
  measurements: readonly Measurement[] = [],
): ConsoleModel {
  const word = worstOf(model.provider, routers);
  return {
    ...model,
    parameters: usedMembers(model.type, model.capabilities),
    health: { provider: word?.health ?? 'unknown', circuit: word?.circuit ?? null },
    availability: availabilityOf(model, routers, word?.health),
    attestation: attestationOf(model, routers),
    enclave: enclaveOf(model, routers, measurements),
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
function enclaveOf(
  { execution, provider }: Model,
  routers: readonly RouterWord[],
  measurements: readonly Measurement[],
): ConsoleModel['enclave'] {
  const words = routers.flatMap(({ enclaves }) => enclaves?.[provider] ?? []);
  if (execution !== 'tee' || words.length === 0) return null;
  const looks = words.map(({ verifiedAt }) => verifiedAt);
  const running = new Set(words.flatMap(({ composeHash }) => composeHash ?? []));
  return {
    verifiedAt: looks.includes(null) ? null : (looks.sort()[0] ?? null),
    composeHashes: [...running].sort(),
    failed: [...new Set(words.flatMap(({ failed }) => failed))],
    isDevelopment: words.some(({ isDevelopment }) => isDevelopment),
    ...softwareOf(provider, running, measurements),
  };
}

/** What was approved last, and what was seen last that nobody has approved. What runs verified all the same waits for nobody. */
function softwareOf(provider: string, running: ReadonlySet<string>, all: readonly Measurement[]) {
  const own = all.filter((one) => one.provider === provider);
  const [approved] = own.filter(({ state }) => state === 'approved').sort(byTime(({ decidedAt }) => decidedAt));
  const [waiting] = own
    .filter(({ state, composeHash }) => state === 'seen' && !running.has(composeHash ?? ''))
    .sort(byTime(({ lastSeenAt }) => lastSeenAt));
  const isLatest = waiting && (!approved || waiting.lastSeenAt > (approved.decidedAt ?? ''));
  return {
    approved: approved ? toSoftware(approved, approved.decidedAt ?? approved.firstSeenAt) : null,
    waiting: isLatest ? toSoftware(waiting, waiting.firstSeenAt) : null,
  };
}

const byTime = (of: (one: Measurement) => string | null) => (one: Measurement, other: Measurement) =>
  (of(other) ?? '').localeCompare(of(one) ?? '');

function toSoftware(one: Measurement, at: string) {
  const { composeHash, osImageHash, mrtd, imageDigests, changed } = one;
  return {
    at,
    composeHash,
    osImageHash,
    mrtd,
    imageDigests,
    changed: changed && measuredNames.filter((name) => changed.includes(name)),
  };
}

/** The worst that a router says of it. What rests on a root for development is proven to nobody. */
function attestationOf({ execution, provider }: Model, routers: readonly RouterWord[]): AttestationState {
  if (execution !== 'tee') return 'not_an_enclave';
  const words = routers.flatMap(({ enclaves }) => enclaves?.[provider] ?? []);
  if (words.length === 0) return 'not_checked';
  const refused = words.filter(({ isVerified }) => !isVerified);
  if (refused.length > 0)
    return refused.every(({ failed }) => failed.join() === 'measurements') ? 'not_approved' : 'failed';
  return words.some(({ isDevelopment }) => isDevelopment) ? 'not_proven' : 'proven';
}
