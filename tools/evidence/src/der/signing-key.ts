import {
  createECDH,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  hash,
  sign,
  type KeyObject,
} from 'node:crypto';

/** The two curves that the makers of processors and of accelerators sign with. */
export type Curve = 'P-256' | 'P-384';

const curves = {
  'P-256': { name: 'prime256v1', bytes: 32, digest: 'sha256' },
  'P-384': { name: 'secp384r1', bytes: 48, digest: 'sha384' },
} as const;

/** A private key and what is signed with it. */
export class SigningKey {
  readonly curve: Curve;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;

  private constructor(curve: Curve, privateKey: KeyObject) {
    this.curve = curve;
    this.privateKey = privateKey;
    this.publicKey = createPublicKey(privateKey);
  }

  static generate(curve: Curve): SigningKey {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: curves[curve].name });
    return new SigningKey(curve, privateKey);
  }

  /** The key that anybody can make from the same words: it proves nothing, which is what a development root is for. */
  static fromWords(curve: Curve, words: string): SigningKey {
    const { name, bytes } = curves[curve];
    const scalar = hash('sha512', words, 'buffer').subarray(0, bytes);
    // Far below the order of either curve.
    scalar[0] = 1;
    const ecdh = createECDH(name);
    ecdh.setPrivateKey(scalar);
    const point = ecdh.getPublicKey();
    const [x, y] = [point.subarray(1, 1 + bytes), point.subarray(1 + bytes)];
    const jwk = { kty: 'EC', crv: curve, d: url64(scalar), x: url64(x), y: url64(y) };
    return new SigningKey(curve, createPrivateKey({ key: jwk, format: 'jwk' }));
  }

  /** SubjectPublicKeyInfo in DER. */
  get spki(): Buffer {
    return this.publicKey.export({ type: 'spki', format: 'der' });
  }

  /** Both coordinates, one after the other. */
  get point(): Buffer {
    return this.spki.subarray(-2 * curves[this.curve].bytes);
  }

  /** ECDSA over the digest that goes with the curve, in DER. */
  sign(bytes: Uint8Array): Buffer {
    return sign(curves[this.curve].digest, bytes, this.privateKey);
  }

  /** The same as r and s, one after the other. */
  signRaw(bytes: Uint8Array): Buffer {
    return sign(curves[this.curve].digest, bytes, { key: this.privateKey, dsaEncoding: 'ieee-p1363' });
  }
}

function url64(bytes: Buffer): string {
  return bytes.toString('base64url');
}
