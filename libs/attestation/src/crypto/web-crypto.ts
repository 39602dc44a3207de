import { ed25519 } from '@noble/curves/ed25519.js';
import { sha256, sha384 } from '@noble/hashes/sha2.js';
import { keccak_256 } from '@noble/hashes/sha3.js';
import type { Crypto, SignatureScheme, SignatureToCheck } from './crypto-port.ts';
import { recoverSecp256k1, verifySecp256k1 } from './secp256k1.ts';

interface WebScheme {
  readonly format: 'raw' | 'spki';
  readonly key: EcKeyImportParams | RsaHashedImportParams;
  readonly verify: EcdsaParams | Algorithm;
}
type EcKeyImportParams = Algorithm & { namedCurve: string };
type RsaHashedImportParams = Algorithm & { hash: string };
type EcdsaParams = Algorithm & { hash: string };
interface Algorithm {
  name: string;
}

const ecdsa = (namedCurve: string, hash: string): WebScheme => ({
  format: 'raw',
  key: { name: 'ECDSA', namedCurve },
  verify: { name: 'ECDSA', hash },
});
const rsa = (hash: string): WebScheme => ({
  format: 'spki',
  key: { name: 'RSASSA-PKCS1-v1_5', hash },
  verify: { name: 'RSASSA-PKCS1-v1_5' },
});
const schemes: Record<Exclude<SignatureScheme, 'ed25519'>, WebScheme> = {
  'ecdsa-p256-sha256': ecdsa('P-256', 'SHA-256'),
  'ecdsa-p384-sha384': ecdsa('P-384', 'SHA-384'),
  'rsa-sha256': rsa('SHA-256'),
  'rsa-sha384': rsa('SHA-384'),
};

/** Not every browser's WebCrypto has ed25519, so it is noble's everywhere. */
function verifyEd25519({ key, signature, signed }: SignatureToCheck): boolean {
  try {
    return ed25519.verify(signature, signed, key, { zip215: false });
  } catch {
    return false;
  }
}

async function verify(what: SignatureToCheck): Promise<boolean> {
  if (what.scheme === 'ed25519') return verifyEd25519(what);
  const { format, key: parameters, verify: algorithm } = schemes[what.scheme];
  const { subtle } = globalThis.crypto;
  try {
    const key = await subtle.importKey(format, Uint8Array.from(what.key), parameters, false, ['verify']);
    return await subtle.verify(algorithm, key, Uint8Array.from(what.signature), Uint8Array.from(what.signed));
  } catch {
    return false;
  }
}

/** WebCrypto where it can, noble where it cannot: what browsers and every Node have. */
export const webCrypto: Crypto = {
  sha256: (data) => sha256(data),
  sha384: (data) => sha384(data),
  keccak256: (data) => keccak_256(data),
  verify,
  verifySecp256k1,
  recoverSecp256k1,
};
