import { Intel, makeTlsIdentity, Nras, usualPlatform, type Fault } from '@orgn/evidence';
import { AnswerSignatures } from './answer-signatures.ts';
import { AttestationEndpoint } from './attestation-endpoint.ts';
import { Machine } from './machine.ts';
import { Makers } from './makers.ts';

/** The providers that run confidential machines. */
export const confidentialNames = ['near', 'phala'] as const;
export type ConfidentialName = (typeof confidentialNames)[number];

/** A provider with a machine of its own. */
export interface ConfidentialHost {
  readonly machine: Machine;
  readonly signatures: AnswerSignatures;
  readonly endpoint: AttestationEndpoint;
}

/** Makers, machines and who speaks for them. Made when first asked for: most tests need none of it. */
export class Confidential {
  readonly hosts: Readonly<Record<ConfidentialName, ConfidentialHost>>;
  readonly makers: Makers;
  readonly makersTls = makeTlsIdentity(['localhost', '127.0.0.1', 'providers']);

  constructor(faultOf: (name: ConfidentialName) => Fault | undefined) {
    const now = () => Date.now();
    const intel = new Intel({ now });
    const other = { ...usualPlatform, fmspc: Buffer.from('b0c06f000000', 'hex') };
    const parts = { model: 'Qwen/Qwen3-30B-A3B-Instruct-2507', gpus: 2 };
    const near = new Machine({ ...parts, name: 'near-model', intel, fault: () => faultOf('near') });
    const phalaIntel = new Intel({ now, platform: other, beside: intel });
    const phala = new Machine({ ...parts, name: 'phala-model', intel: phalaIntel, fault: () => faultOf('phala') });
    this.hosts = { near: host(near, 'near'), phala: host(phala, 'phala') };
    this.makers = new Makers(new Nras(now), [near, phala]);
  }
}

function host(machine: Machine, form: ConfidentialName): ConfidentialHost {
  const signatures = new AnswerSignatures(form === 'near' ? 'with model' : 'two-part');
  return { machine, signatures, endpoint: new AttestationEndpoint({ machine, signatures, form }) };
}
