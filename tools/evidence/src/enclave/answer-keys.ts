import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { secp256k1 } from '@noble/curves/secp256k1.js';
import { keccak_256 } from '@noble/hashes/sha3.js';

export type SigningAlgorithm = 'ecdsa' | 'ed25519';

/** The keys that an enclave signs its answers with: one for each algorithm. */
export class AnswerKeys {
  private readonly ecdsaSecret = secp256k1.utils.randomSecretKey();
  private readonly ed25519: { publicKey: KeyObject; privateKey: KeyObject } = generateKeyPairSync('ed25519');

  /** Hex: for ecdsa the whole point with a leading 04, for ed25519 the 32 bytes. */
  publicKey(algorithm: SigningAlgorithm): string {
    return this.publicBytes(algorithm).toString('hex');
  }

  /** What names the key: an Ethereum address (20 bytes) or the ed25519 key itself. */
  addressBytes(algorithm: SigningAlgorithm): Buffer {
    const key = this.publicBytes(algorithm);
    return algorithm === 'ed25519' ? key : Buffer.from(keccak_256(key.subarray(1))).subarray(-20);
  }

  /** The same as providers write it: with 0x for ecdsa. */
  address(algorithm: SigningAlgorithm): string {
    const hex = this.addressBytes(algorithm).toString('hex');
    return algorithm === 'ecdsa' ? `0x${hex}` : hex;
  }

  /** Signs a text: as an Ethereum personal message (EIP-191), with r, s and v; or by ed25519 as it stands. */
  sign(algorithm: SigningAlgorithm, text: string): string {
    if (algorithm === 'ed25519') return sign(null, Buffer.from(text), this.ed25519.privateKey).toString('hex');
    const bytes = Buffer.from(text);
    const digest = keccak_256(Buffer.concat([Buffer.from(`\x19Ethereum Signed Message:\n${bytes.length}`), bytes]));
    const recovered = secp256k1.sign(digest, this.ecdsaSecret, { prehash: false, format: 'recovered' });
    const [v = 0, ...rs] = recovered;
    return `0x${Buffer.from([...rs, v + 27]).toString('hex')}`;
  }

  private publicBytes(algorithm: SigningAlgorithm): Buffer {
    if (algorithm === 'ecdsa') return Buffer.from(secp256k1.getPublicKey(this.ecdsaSecret, false));
    return this.ed25519.publicKey.export({ type: 'spki', format: 'der' }).subarray(-32);
  }
}
