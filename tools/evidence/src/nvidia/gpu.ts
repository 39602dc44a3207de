import { makeCertificate, type Certificate, type Issuer } from '../der/certificate.ts';
import { toPem } from '../der/der.ts';
import { SigningKey } from '../der/signing-key.ts';
import { developmentRoots } from '../roots/development-roots.ts';
import { nvidiaDeviceRoot } from '../roots/root-keys.ts';
import { spdmEvidence } from './spdm.ts';

/** One accelerator's evidence as a guest hands it over; both members are base64. */
export interface GpuEvidence {
  readonly arch: string;
  readonly certificate: string;
  readonly evidence: string;
}

const forever = { from: new Date('2022-01-01T00:00:00Z'), until: new Date('2049-12-31T23:59:59Z') };

/** Accelerators of one machine, each with a certificate chain of five up to the maker's root. */
export class Gpus {
  readonly arch = 'HOPPER';
  private readonly devices: readonly { key: SigningKey; chain: string }[];

  constructor(count: number) {
    const root = toPem('CERTIFICATE', Buffer.from(developmentRoots.nvidiaDevices, 'base64'));
    const [identity, identityPem] = certify('NVIDIA GH100 Identity', nvidiaDeviceRoot);
    const [provisioner, provisionerPem] = certify('NVIDIA GH100 Provisioner ICA 1', identity);
    this.devices = Array.from({ length: count }, () => {
      const [brom, bromPem] = certify('GH100 A01 GSP BROM', provisioner);
      const [device, devicePem] = certify('GH100 A01 GSP FMC LF', brom, false);
      return { key: device.key, chain: [devicePem, bromPem, provisionerPem, identityPem, root].join('') };
    });
  }

  /** @param nonce 32 bytes */
  evidence(nonce: Buffer): GpuEvidence[] {
    return this.devices.map(({ key, chain }) => ({
      arch: this.arch,
      certificate: Buffer.from(chain).toString('base64'),
      evidence: spdmEvidence(nonce, key).toString('base64'),
    }));
  }
}

function certify(commonName: string, issuer: Issuer, isAuthority = true): [Issuer, string] {
  const party = { name: { commonName, organization: 'NVIDIA Corporation' }, key: SigningKey.generate('P-384') };
  const parts = { name: party.name, spki: party.key.spki, issuer, ...forever, isAuthority };
  const certificate: Certificate = makeCertificate(parts);
  return [party, certificate.pem];
}
