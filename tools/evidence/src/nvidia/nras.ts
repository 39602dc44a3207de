import { hash, randomUUID, verify, X509Certificate } from 'node:crypto';
import { makeCertificate } from '../der/certificate.ts';
import { SigningKey } from '../der/signing-key.ts';
import { nvidiaAttestationRoot } from '../roots/root-keys.ts';
import { deviceClaims } from './device-claims.ts';
import type { GpuEvidence } from './gpu.ts';

/** What a relying party posts. */
export interface NvidiaPayload {
  /** 64 hex characters. */
  readonly nonce: string;
  readonly arch: string;
  readonly evidence_list: readonly GpuEvidence[];
}

/** The answer to it: one token about all, then one about each device. */
export type NrasAnswer = [readonly ['JWT', string], Readonly<Record<string, string>>];

export type NrasFault = 'alg_none' | 'expired';

const issuer = 'https://nras.attestation.nvidia.com';
const hour = 3_600;

/** An attestation service: checks what it is given and says so in tokens that its key set verifies. */
export class Nras {
  private readonly now: () => number;
  private readonly key = SigningKey.generate('P-384');
  private readonly kid: string;
  private readonly x5c: string[];

  constructor(now: () => number) {
    this.now = now;
    const day = 86_400_000;
    const [from, until] = [new Date(now() - day), new Date(now() + day)];
    this.kid = `nv-eat-kid-dev-${from.toISOString().replace(/\D/g, '')}-${randomUUID()}`;
    const middle = {
      name: { commonName: 'NVIDIA Attestation Service GPU Intermediate 004' },
      key: SigningKey.generate('P-384'),
    };
    const leafName = { commonName: 'NVIDIA Attestation Service GPU GH100', organization: 'NVIDIA Corporation' };
    const leaf = { name: leafName, spki: this.key.spki, issuer: middle, from, until, isAuthority: false };
    const years = new Date(now() + 1_000 * day);
    const middleParts = { name: middle.name, spki: middle.key.spki, issuer: nvidiaAttestationRoot, isAuthority: true };
    this.x5c = [makeCertificate(leaf), makeCertificate({ ...middleParts, from, until: years })].map(({ der }) =>
      der.toString('base64'),
    );
  }

  /** The answer of `/.well-known/jwks.json`. */
  jwks(): object {
    const { kty, crv, x, y } = this.key.publicKey.export({ format: 'jwk' });
    return { keys: [{ kty, crv, kid: this.kid, x5c: this.x5c, x, y }] };
  }

  /** The answer of `/v3/attest/gpu`. */
  attest(payload: NvidiaPayload, fault?: NrasFault): NrasAnswer {
    const results = payload.evidence_list.map((evidence) => isGenuine(evidence, payload.nonce));
    const times = this.times(fault);
    const devices = results.map((isGood, index): [string, string] => {
      const claims = isGood
        ? deviceClaims
        : { 'x-nvidia-error-details': { code: 4010, message: 'NONCE_NOT_MATCHING' } };
      const token = { iss: issuer, ...times, jti: randomUUID(), eat_nonce: payload.nonce, ...claims };
      return [`GPU-${index}`, this.token(token, fault)];
    });
    const overall = {
      sub: 'NVIDIA-PLATFORM-ATTESTATION',
      'x-nvidia-ver': '2.0',
      iss: issuer,
      ...times,
      jti: randomUUID(),
      'x-nvidia-overall-att-result': results.every(Boolean),
      submods: Object.fromEntries(
        devices.map(([name, token]) => [name, ['DIGEST', ['SHA-256', hash('sha256', token)]]]),
      ),
      eat_nonce: payload.nonce,
    };
    return [['JWT', this.token(overall, fault)], Object.fromEntries(devices)];
  }

  private times(fault: NrasFault | undefined): { nbf: number; iat: number; exp: number } {
    const issued = Math.floor(this.now() / 1_000) - (fault === 'expired' ? 2 * hour : 0);
    return { nbf: issued, iat: issued, exp: issued + hour };
  }

  private token(claims: object, fault: NrasFault | undefined): string {
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const signed = `${part({ kid: this.kid, alg: fault === 'alg_none' ? 'none' : 'ES384' })}.${part(claims)}`;
    return `${signed}.${fault === 'alg_none' ? '' : this.key.signRaw(Buffer.from(signed)).toString('base64url')}`;
  }
}

/** Whether a device answered this nonce: its question carries it, and its certificate's key signed it. */
function isGenuine({ certificate, evidence }: GpuEvidence, nonce: string): boolean {
  const bytes = Buffer.from(evidence, 'base64');
  if (bytes.subarray(4, 36).toString('hex') !== nonce) return false;
  const leaf = new X509Certificate(Buffer.from(certificate, 'base64'));
  const key = { key: leaf.publicKey, dsaEncoding: 'ieee-p1363' as const };
  return verify('sha384', bytes.subarray(0, -96), key, bytes.subarray(-96));
}
