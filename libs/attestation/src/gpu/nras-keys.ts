import { concat, equalBytes, fromBase64 } from '../bytes/bytes.ts';
import { list, parseJson, record, text, type JsonRecord } from '../bytes/json.ts';
import { Malformed } from '../bytes/malformed.ts';
import { readCertificate } from '../der/certificate.ts';
import { verifyChain, type ChainVerdict } from '../der/chain.ts';
import type { Verification } from '../policy/verification.ts';

/** A key of NVIDIA's key set: an uncompressed point on P-384, and the certificates that it is served with. */
export interface NrasKey {
  readonly id: string;
  readonly point: Uint8Array;
  readonly certificates: readonly Uint8Array[];
}

const largestSet = 1_048_576;
const mostKeys = 256;
const mostCertificates = 5;

function keyOf(jwk: JsonRecord): NrasKey | null {
  if (jwk.kty !== 'EC' || jwk.crv !== 'P-384') return null;
  const [x, y] = [fromBase64(text(jwk.x, 'x')), fromBase64(text(jwk.y, 'y'))];
  if (x.length !== 48 || y.length !== 48) throw new Malformed('a key of another length');
  const certificates = list(jwk.x5c ?? [], 'x5c', mostCertificates);
  return {
    id: text(jwk.kid, 'kid'),
    point: concat(Uint8Array.of(4), x, y),
    certificates: certificates.map((one) => fromBase64(text(one, 'a certificate'))),
  };
}

/** Keys by id; of two with one id neither counts. Keys of other kinds are left out. @throws Malformed */
export function readNrasKeys(json: string): Map<string, NrasKey> {
  const set = record(parseJson(json, largestSet), 'the key set');
  const keys = new Map<string, NrasKey>();
  const seen = new Set<string>();
  for (const value of list(set.keys, 'keys', mostKeys)) {
    const key = keyOf(record(value, 'a key'));
    if (!key) continue;
    if (seen.has(key.id)) keys.delete(key.id);
    else keys.set(key.id, key);
    seen.add(key.id);
  }
  return keys;
}

/** Whether a key is that of its first certificate, and where its chain ends. */
export async function keyChain(key: NrasKey, { roots, at, crypto }: Verification): Promise<ChainVerdict> {
  const chain = key.certificates.map(readCertificate);
  const [leaf] = chain;
  if (!leaf) return { good: false, why: 'the key comes without a certificate' };
  if (!equalBytes(leaf.key.raw, key.point)) return { good: false, why: 'the key is not that of its certificate' };
  return verifyChain(chain, { anchors: roots.nvidiaService, at, crypto });
}
