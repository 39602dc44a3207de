import { toHex, utf8 } from '../bytes/bytes.ts';
import type { JsonRecord } from '../bytes/json.ts';
import { Malformed } from '../bytes/malformed.ts';
import type { CheckId } from '../checks/check-ids.ts';
import type { Check } from '../checks/check.ts';
import { judged, notMade } from '../checks/judge.ts';
import type { Crypto } from '../crypto/crypto-port.ts';
import type { NrasEvidence } from '../evidence/evidence.ts';
import type { TrustAnchor } from '../policy/trust-roots.ts';
import type { Verification } from '../policy/verification.ts';
import { claimsFault } from './nras-claims.ts';
import { keyChain, readNrasKeys, type NrasKey } from './nras-keys.ts';
import { readNrasAnswer, type NrasAnswer, type NrasToken } from './nras-token.ts';

const tokenIds: readonly CheckId[] = [
  'nras_algorithm',
  'nras_signature',
  'nras_keys',
  'nras_time',
  'nras_nonce',
  'nras_digests',
  'nras_claims',
];
export const nrasIds: readonly CheckId[] = ['nras_present', ...tokenIds];

export interface JudgedNras {
  readonly checks: readonly Check[];
  readonly anchors: readonly TrustAnchor[];
}

export interface NrasQuestion {
  /** How many GPUs the evidence was of. */
  readonly count: number;
  /** Hex; what the GPUs may have been asked with. */
  readonly nonces: readonly string[];
}

/** What NVIDIA's service said of the GPUs, believed for nothing that its tokens do not prove. */
export async function nrasChecks(
  evidence: NrasEvidence | null,
  question: NrasQuestion,
  given: Verification,
): Promise<JudgedNras> {
  if (evidence === null) return { checks: notMade(nrasIds, 'NVIDIA was not asked'), anchors: [] };
  try {
    const answer = readNrasAnswer(evidence.response);
    const keys = readNrasKeys(evidence.jwks);
    const present = judged('nras_present', 'provider_asserted', null, `${answer.gpus.size} tokens of GPUs`);
    const judgedTokens = await tokenChecks(answer, keys, { question, given });
    return { ...judgedTokens, checks: [present, ...judgedTokens.checks] };
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    const present = judged('nras_present', 'provider_asserted', `NRAS: ${error.message}`, '');
    return { checks: [present, ...notMade(tokenIds, 'the answer cannot be read')], anchors: [] };
  }
}

interface Asked {
  readonly question: NrasQuestion;
  readonly given: Verification;
}

async function tokenChecks(
  answer: NrasAnswer,
  keys: ReadonlyMap<string, NrasKey>,
  { question, given }: Asked,
): Promise<JudgedNras> {
  const tokens = [answer.overall, ...answer.gpus.values()];
  const algorithm = tokens.every((token) => token.algorithm === 'ES384') ? null : 'a token is not signed with ES384';
  const nonces = tokens.every(({ claims }) => question.nonces.includes(String(claims.eat_nonce).toLowerCase()));
  const source = 'verifier_derived';
  const chains = await keysCheck(tokens, keys, given);
  const nonceFault = nonces ? null : 'a token is for another nonce than ours';
  return {
    checks: [
      judged('nras_algorithm', source, algorithm, 'ES384'),
      judged('nras_signature', source, await signatureFault(tokens, keys, given.crypto), 'each token is signed'),
      chains.check,
      judged('nras_time', source, tokens.map((token) => timeFault(token, given.at)).find(Boolean) ?? null, 'valid'),
      judged('nras_nonce', source, nonceFault, 'each token is for our nonce'),
      judged('nras_digests', source, digestFault(answer, question.count, given.crypto), `${question.count} GPUs`),
      judged('nras_claims', 'provider_asserted', claimsFault(answer), "NVIDIA's service found each GPU good"),
    ],
    anchors: chains.anchors,
  };
}

async function signatureFault(
  tokens: readonly NrasToken[],
  keys: ReadonlyMap<string, NrasKey>,
  crypto: Crypto,
): Promise<string | null> {
  for (const { keyId, signature, signed, algorithm } of tokens) {
    const key = keys.get(keyId);
    if (!key) return 'a token is signed by no key of the key set';
    const good =
      algorithm === 'ES384' &&
      (await crypto.verify({ scheme: 'ecdsa-p384-sha384', key: key.point, signature, signed }));
    if (!good) return 'the signature of a token is not good';
  }
  return null;
}

/** Keys that end in no pinned authority are whoever fetched them says they are. */
async function keysCheck(
  tokens: readonly NrasToken[],
  keys: ReadonlyMap<string, NrasKey>,
  given: Verification,
): Promise<{ check: Check; anchors: readonly TrustAnchor[] }> {
  const used = [...new Set(tokens.map(({ keyId }) => keyId))].flatMap((id) => keys.get(id) ?? []);
  const chains = await Promise.all(used.map((key) => keyChain(key, given)));
  const anchors = chains.flatMap((chain) => (chain.good ? [chain.anchor] : []));
  const [open] = chains.flatMap((chain) => (chain.good ? [] : [chain.why]));
  if (chains.length === 0) return { check: notMade(['nras_keys'], 'no token names a key')[0] as Check, anchors };
  if (open === undefined) {
    return { check: judged('nras_keys', 'verifier_derived', null, `ends in ${anchors[0]?.name ?? ''}`), anchors };
  }
  const detail = `the keys are those that the operator fetched: ${open}`;
  return { check: { id: 'nras_keys', status: 'unknown', source: 'operator_asserted', detail }, anchors };
}

/** Seconds that clocks may differ by: whose clock is wrong by minutes still verifies, since a nonce says what is fresh. */
const leeway = 15 * 60;

const seconds = (claims: JsonRecord, name: string): number | null => {
  const value = claims[name];
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
};

function timeFault({ claims }: NrasToken, at: number): string | null {
  const now = at / 1000;
  const [from, until] = [seconds(claims, 'nbf') ?? seconds(claims, 'iat'), seconds(claims, 'exp')];
  if (until === null || from === null) return 'a token does not say how long it is valid';
  if (now > until + leeway) return `a token ran out at ${new Date(until * 1000).toISOString()}`;
  return now < from - leeway ? 'a token is of later than this time' : null;
}

/** The overall token names the digest of each GPU's token, and there are as many as reports of GPUs. */
function digestFault({ overall, gpus }: NrasAnswer, count: number, crypto: Crypto): string | null {
  const named = overall.claims.submods;
  if (typeof named !== 'object' || named === null) return 'the overall token names no GPU';
  const entries = Object.entries(named);
  if (entries.length !== count || gpus.size !== count) return `tokens of ${gpus.size} GPUs for evidence of ${count}`;
  const isEqual = entries.every(([name, digest]) => {
    const token = gpus.get(name);
    const expected = token && JSON.stringify(['DIGEST', ['SHA-256', toHex(crypto.sha256(utf8(token.compact)))]]);
    return expected !== undefined && JSON.stringify(digest) === expected;
  });
  return isEqual ? null : 'the overall token names another token of a GPU';
}
