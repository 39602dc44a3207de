import { X509Certificate } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { developmentRoots } from './development-roots.ts';
import { intelRoot, nvidiaAttestationRoot, nvidiaDeviceRoot } from './root-keys.ts';

describe('the roots of development evidence', () => {
  test.each([
    ['intel', intelRoot],
    ['nvidiaDevices', nvidiaDeviceRoot],
    ['nvidiaAttestation', nvidiaAttestationRoot],
  ] as const)('%s is the certificate of the key that everybody can make', (name, { key, name: { commonName } }) => {
    const root = new X509Certificate(Buffer.from(developmentRoots[name], 'base64'));
    expect(root.publicKey.export({ type: 'spki', format: 'der' })).toEqual(key.spki);
    expect(root.verify(key.publicKey)).toBe(true);
    expect(root.subject).toBe(`CN=${commonName}\nO=ORGN Gateway development`);
  });
});
