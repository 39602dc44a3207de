import { toHex } from '../bytes/bytes.ts';
import { Malformed } from '../bytes/malformed.ts';
import type { Certificate } from '../der/certificate.ts';
import { derChildren, derElement, derOid, derTag, expectTag, type DerElement } from '../der/der.ts';

const sgx = '1.2.840.113741.1.13.1';

/** What Intel wrote into a machine's PCK certificate (PCK Certificate and CRL Specification, section 1.3.5). */
export interface PckExtension {
  readonly fmspc: string;
  readonly pceId: string;
  readonly pceSvn: number;
  /** The 16 components of the machine's patch level. */
  readonly cpuSvn: readonly number[];
}

/** @throws Malformed for a certificate without it. */
export function readPckExtension(certificate: Certificate): PckExtension {
  const value = certificate.extensions.get(sgx);
  if (!value) throw new Malformed('a PCK certificate without the extension of SGX');
  const members = byOid(derElement(value, derTag.sequence));
  const tcb = byOid(expectTag(members.get(`${sgx}.2`), derTag.sequence));
  const cpuSvn = expectTag(tcb.get(`${sgx}.2.18`), derTag.octetString).content;
  if (cpuSvn.length !== 16) throw new Malformed('a PCK certificate with an odd patch level');
  return {
    fmspc: octets(members.get(`${sgx}.4`), 6),
    pceId: octets(members.get(`${sgx}.3`), 2),
    pceSvn: small(tcb.get(`${sgx}.2.17`)),
    cpuSvn: Array.from(cpuSvn),
  };
}

function byOid(sequence: DerElement): Map<string, DerElement> {
  const members = new Map<string, DerElement>();
  for (const member of derChildren(sequence, derTag.sequence)) {
    const [id, value] = derChildren(member, derTag.sequence);
    if (value) members.set(derOid(id), value);
  }
  return members;
}

function octets(element: DerElement | undefined, size: number): string {
  const { content } = expectTag(element, derTag.octetString);
  if (content.length !== size) throw new Malformed('a PCK certificate with a member of another length');
  return toHex(content);
}

function small(element: DerElement | undefined): number {
  const { content } = expectTag(element, derTag.integer);
  if (content.length > 3) throw new Malformed('a PCK certificate with a number too large');
  return content.reduce((sum, byte) => sum * 256 + byte, 0);
}
