import type { Issuer } from '../der/certificate.ts';
import { SigningKey, type Curve } from '../der/signing-key.ts';

const organization = 'ORGN Gateway development';

function rootIssuer(curve: Curve, words: string, commonName: string): Issuer {
  const key = SigningKey.fromWords(curve, `orgn-gateway development root: ${words}`);
  return { name: { commonName, organization }, key };
}

/** Who signs in the place of Intel's SGX root. */
export const intelRoot = rootIssuer('P-256', 'intel', 'Intel SGX Root CA');
/** Who signs in the place of NVIDIA's root of devices. */
export const nvidiaDeviceRoot = rootIssuer('P-384', 'gpu', 'NVIDIA Device Identity CA');
/** Who signs in the place of the root of NVIDIA's attestation service. */
export const nvidiaAttestationRoot = rootIssuer('P-384', 'nras', 'NVIDIA Attestation Service CA 001');
