import { encode, enumerated, integer, octets, oid, sequence } from '../der/der.ts';
import { extension } from '../der/certificate.ts';

/** What a processor's certificate says of it, and which patch levels it stands at. */
export interface Platform {
  /** Family, model, stepping, platform and customer SKU: 6 bytes. */
  readonly fmspc: Buffer;
  readonly ppid: Buffer;
  readonly pceId: Buffer;
  readonly pceSvn: number;
  /** The 16 components of the processor's patch level. */
  readonly cpuSvn: readonly number[];
  /** The 16 components of the TDX module's: minor, major version, microcode, then zeros. */
  readonly teeTcbSvn: readonly number[];
}

const sgx = '1.2.840.113741.1.13.1';

/** A platform of today, with no patch missing. */
export const usualPlatform: Platform = {
  fmspc: Buffer.from('90c06f000000', 'hex'),
  ppid: Buffer.from('4f52474e2064657673696d756c61746f', 'hex'),
  pceId: Buffer.from('0000', 'hex'),
  pceSvn: 13,
  cpuSvn: [3, 3, 2, 2, 4, 1, 0, 5, 0, 0, 0, 0, 0, 0, 0, 0],
  teeTcbSvn: [11, 1, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
};

/** Intel's extension of a PCK certificate, as a whole one in DER. */
export function sgxExtension({ ppid, cpuSvn, pceSvn, pceId, fmspc }: Platform): Buffer {
  const member = (arc: string, value: Buffer) => sequence(oid(`${sgx}.${arc}`), value);
  const components = cpuSvn.map((svn, index) => member(`2.${index + 1}`, integer(svn)));
  const tcb = sequence(...components, member('2.17', integer(pceSvn)), member('2.18', octets(Buffer.from(cpuSvn))));
  const isConfigured = encode(0x01, Buffer.from([0xff]));
  return extension(
    sgx,
    sequence(
      member('1', octets(ppid)),
      member('2', tcb),
      member('3', octets(pceId)),
      member('4', octets(fmspc)),
      member('5', enumerated(1)),
      member('6', octets(Buffer.alloc(16, 0x5a))),
      member('7', sequence(member('7.1', isConfigured), member('7.2', isConfigured), member('7.3', isConfigured))),
    ),
  );
}
