import { concat, fromHex, toHex, utf8, type Bytes } from '../bytes/bytes.ts';
import { Malformed } from '../bytes/malformed.ts';
import type { Crypto } from '../crypto/crypto-port.ts';
import type { SignedAnswer } from '../evidence/evidence.ts';
import type { SigningKey } from '../evidence/facts.ts';

/** EIP-191: the digest of a personal message of Ethereum's. */
export function personalMessageDigest(message: string, crypto: Crypto): Bytes {
  const bytes = utf8(message);
  return crypto.keccak256(concat(utf8(`\u0019Ethereum Signed Message:\n${bytes.length}`), bytes));
}

/** The 20 bytes of an Ethereum address, hex, of an uncompressed key. */
export const addressOf = (key: Uint8Array, crypto: Crypto): string =>
  toHex(crypto.keccak256(key.subarray(1)).subarray(12));

/** The key that an answer says to be signed by. @throws Malformed */
export function statedSigner(answer: SignedAnswer): Pick<SigningKey, 'algorithm' | 'address'> {
  const algorithm = answer.signing_algo;
  if (algorithm !== 'ecdsa' && algorithm !== 'ed25519') throw new Malformed('an unknown signing_algo');
  const address = fromHex(answer.signing_address);
  if (address.length !== (algorithm === 'ecdsa' ? 20 : 32)) throw new Malformed('a signing_address of another length');
  return { algorithm, address: toHex(address) };
}

/** r‖s, and 0 or 1 for which of two keys it was; 27 and 28 are Ethereum's way to write those. */
function ecdsaParts(signature: Bytes): { rs: Bytes; recovery: number } | null {
  const last = signature[64];
  if (signature.length !== 65 || last === undefined) return null;
  const recovery = last >= 27 ? last - 27 : last;
  return recovery > 1 ? null : { rs: signature.slice(0, 64), recovery };
}

/**
 * Whether the answer's text is signed by this key. With the key's public part the signature is verified by it; without, the
 * key is recovered from the signature and its address compared.
 */
export async function isTextSignedBy(answer: SignedAnswer, key: SigningKey, crypto: Crypto): Promise<boolean> {
  const signature = fromHex(answer.signature);
  if (key.algorithm === 'ed25519') {
    return crypto.verify({ scheme: 'ed25519', key: fromHex(key.address), signature, signed: utf8(answer.text) });
  }
  const parts = ecdsaParts(signature);
  if (!parts) return false;
  const digest = personalMessageDigest(answer.text, crypto);
  if (key.publicKey !== null) return crypto.verifySecp256k1(digest, parts.rs, fromHex(key.publicKey));
  const recovered = crypto.recoverSecp256k1(digest, parts.rs, parts.recovery);
  return recovered !== null && addressOf(recovered, crypto) === key.address;
}
