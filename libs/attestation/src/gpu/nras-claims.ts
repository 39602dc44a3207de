import type { JsonRecord } from '../bytes/json.ts';
import type { NrasAnswer, NrasToken } from './nras-token.ts';

const issuer = 'https://nras.attestation.nvidia.com';

const isGood = (result: unknown): boolean => result === true || result === 'PASS';

/** What must be said, besides that no member that begins with `x-nvidia-gpu-` may be false. */
const expected: Readonly<Record<string, unknown>> = { measres: 'success', secboot: true, dbgstat: 'disabled' };

/** A chain of certificates as claims of version 3 describe one. */
const isBadChain = (claim: unknown): boolean =>
  typeof claim === 'object' &&
  claim !== null &&
  'x-nvidia-cert-status' in claim &&
  claim['x-nvidia-cert-status'] !== 'valid';

function gpuFault({ claims }: NrasToken): string | null {
  if ('x-nvidia-error-details' in claims) return 'a GPU was rejected';
  const missing = Object.keys(expected).find((name) => claims[name] !== expected[name]);
  if (missing) return `a GPU's ${missing} is not good`;
  const bad = Object.entries(claims).find(
    ([name, claim]) => name.startsWith('x-nvidia-gpu-') && (claim === false || isBadChain(claim)),
  );
  return bad ? `a GPU's ${bad[0].slice(0, 80)} is not good` : null;
}

const isIssued = (claims: JsonRecord): boolean => claims.iss === issuer;

/** What of the service's findings is not good; null when all is. */
export function claimsFault({ overall, gpus }: NrasAnswer): string | null {
  const all = [overall, ...gpus.values()];
  if (!all.every(({ claims }) => isIssued(claims))) return 'a token is of another issuer';
  if (!isGood(overall.claims['x-nvidia-overall-att-result'])) return 'the overall result is not good';
  return [...gpus.values()].map(gpuFault).find((fault) => fault !== null) ?? null;
}
