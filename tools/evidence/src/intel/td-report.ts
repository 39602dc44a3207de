/** What a TDX module measured of a guest. Digests are SHA-384, 48 bytes. */
export interface TdMeasurements {
  readonly mrTd: Buffer;
  readonly mrConfigId: Buffer;
  /** Four runtime registers. */
  readonly rtmrs: readonly Buffer[];
}

export interface TdReportParts extends TdMeasurements {
  /** 16 bytes. */
  readonly teeTcbSvn: Buffer;
  /** 64 bytes that the guest chose. */
  readonly reportData: Buffer;
  /** Lets the host look inside. */
  readonly isDebug: boolean;
}

const zeros = (length: number) => Buffer.alloc(length);

// SEPT_VE_DISABLE, as every dstack guest has it; the lowest bit is DEBUG.
const usualAttributes = 0x1000_0000n;
const usualXfam = Buffer.from('e702060000000000', 'hex');
/** What signed the TDX module: zeros are Intel itself. */
const mrSignerSeam = zeros(48);
const mrSeam = Buffer.from(
  '7bf063280e94fb051f5dd7b1fc59ce9aac42bb961df8d44b709c9b0ff87a7b4df648657ba6d1189589feab1d5a3c9a9d',
  'hex',
);

/** The body of a quote about a guest of TDX 1.0: 584 bytes. */
export function tdReport10(parts: TdReportParts): Buffer {
  const attributes = zeros(8);
  attributes.writeBigUInt64LE(usualAttributes | (parts.isDebug ? 1n : 0n));
  return Buffer.concat([
    parts.teeTcbSvn,
    mrSeam,
    mrSignerSeam,
    zeros(8),
    attributes,
    usualXfam,
    parts.mrTd,
    parts.mrConfigId,
    // Owner and owner's configuration.
    zeros(96),
    ...parts.rtmrs,
    parts.reportData,
  ]);
}

/** The same of TDX 1.5, with a second patch level and a digest of service guests: 648 bytes. */
export function tdReport15(parts: TdReportParts): Buffer {
  return Buffer.concat([tdReport10(parts), parts.teeTcbSvn, zeros(48)]);
}
