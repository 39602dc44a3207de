import { ByteReader } from '../bytes/byte-reader.ts';
import { isZero, toHex, type Bytes } from '../bytes/bytes.ts';
import { Malformed } from '../bytes/malformed.ts';

/** The report of a trust domain (TDX 1.0, and what 1.5 added). */
export interface TdReport {
  readonly teeTcbSvn: Bytes;
  readonly mrSeam: Bytes;
  readonly mrSignerSeam: Bytes;
  readonly seamAttributes: Bytes;
  readonly tdAttributes: Bytes;
  readonly xfam: Bytes;
  readonly mrTd: Bytes;
  readonly mrConfigId: Bytes;
  readonly mrOwner: Bytes;
  readonly mrOwnerConfig: Bytes;
  readonly rtmrs: readonly [Bytes, Bytes, Bytes, Bytes];
  readonly reportData: Bytes;
  /** Null in TDX 1.0, where there is none. */
  readonly mrServiceTd: Bytes | null;
}

/** The report of the quoting enclave. */
export interface EnclaveReport {
  readonly miscSelect: Bytes;
  readonly attributes: Bytes;
  readonly mrSigner: Bytes;
  readonly isvProdId: number;
  readonly isvSvn: number;
  readonly reportData: Bytes;
}

/** A TDX quote, version 4 or 5 (Intel TDX DCAP Quoting Library API, appendix A). */
export interface TdxQuote {
  readonly version: 4 | 5;
  readonly bytes: Bytes;
  /** What the attestation key signed: header and report. */
  readonly signed: Bytes;
  readonly report: TdReport;
  readonly signature: Bytes;
  /** x‖y of the attestation key. */
  readonly attestationKey: Bytes;
  readonly qeReportBytes: Bytes;
  readonly qeReport: EnclaveReport;
  readonly qeReportSignature: Bytes;
  readonly qeAuthData: Bytes;
  /** PEM of the PCK certificate and its issuers. */
  readonly pckChain: Bytes;
}

const largestQuote = 65_536;
export const tdxTeeType = 0x81;

/** Version and TEE type, which stand at fixed places in every quote; null where there are not that many bytes. */
export function quoteKind(bytes: Uint8Array): { version: number; teeType: number } | null {
  if (bytes.length < 48) return null;
  const reader = new ByteReader(bytes.slice(0, 8));
  const version = reader.u16();
  reader.u16();
  return { version, teeType: reader.u32() };
}

/** @throws Malformed for anything that is not one TDX quote of version 4 or 5, of exactly its length. */
export function readQuote(bytes: Bytes): TdxQuote {
  if (bytes.length > largestQuote) throw new Malformed('a quote that is too large');
  const kind = quoteKind(bytes);
  if (kind?.teeType !== tdxTeeType) throw new Malformed('a quote of something else than TDX');
  if (kind.version !== 4 && kind.version !== 5) throw new Malformed(`a quote of version ${kind.version}`);
  const reader = new ByteReader(bytes);
  readHeader(reader);
  const report = kind.version === 4 ? readReport(reader, false) : readTypedReport(reader);
  const signed = bytes.slice(0, reader.offset);
  const signatureData = new ByteReader(reader.take(reader.u32()));
  readPadding(reader);
  return { version: kind.version, bytes, signed, report, ...readSignatureData(signatureData) };
}

/** A quoting service reserves room for the longer quotes of version 5, and leaves so many zeros after shorter ones. */
const paddings = [0, 70];

function readPadding(reader: ByteReader): void {
  const { left } = reader;
  if (!paddings.includes(left) || !isZero(reader.take(left)))
    throw new Malformed(`a quote with ${left} bytes too many`);
}

const ecdsaP256 = 2;
const intelQeVendor = '939a7233f79c4ca9940a0db3957f0607';

function readHeader(reader: ByteReader): void {
  reader.u16();
  if (reader.u16() !== ecdsaP256) throw new Malformed('a quote with an unknown kind of attestation key');
  reader.take(8);
  const vendor = reader.take(16);
  if (toHex(vendor) !== intelQeVendor) {
    throw new Malformed("a quote of another vendor's quoting enclave");
  }
  reader.take(20);
}

/** Version 5 says which report follows and how long it is. */
function readTypedReport(reader: ByteReader): TdReport {
  const type = reader.u16();
  const size = reader.u32();
  if (type !== 2 && type !== 3) throw new Malformed('a quote with an unknown kind of report');
  const before = reader.offset;
  const report = readReport(reader, type === 3);
  if (reader.offset - before !== size) throw new Malformed('a report of another length than is stated');
  return report;
}

function readReport(reader: ByteReader, isTdx15: boolean): TdReport {
  const report = {
    teeTcbSvn: reader.take(16),
    mrSeam: reader.take(48),
    mrSignerSeam: reader.take(48),
    seamAttributes: reader.take(8),
    tdAttributes: reader.take(8),
    xfam: reader.take(8),
    mrTd: reader.take(48),
    mrConfigId: reader.take(48),
    mrOwner: reader.take(48),
    mrOwnerConfig: reader.take(48),
    rtmrs: [reader.take(48), reader.take(48), reader.take(48), reader.take(48)] as const,
    reportData: reader.take(64),
  };
  if (!isTdx15) return { ...report, mrServiceTd: null };
  reader.take(16);
  return { ...report, mrServiceTd: reader.take(48) };
}

type SignatureData = Omit<TdxQuote, 'version' | 'bytes' | 'signed' | 'report'>;

const qeReportCertification = 6;
const pckCertificateChain = 5;

function readSignatureData(reader: ByteReader): SignatureData {
  const signature = reader.take(64);
  const attestationKey = reader.take(64);
  if (reader.u16() !== qeReportCertification) throw new Malformed('a quote without the report of its quoting enclave');
  const inner = new ByteReader(reader.take(reader.u32()));
  reader.end('signature data of a quote');
  const qeReportBytes = inner.take(384);
  const qeReportSignature = inner.take(64);
  const qeAuthData = inner.take(inner.u16());
  if (inner.u16() !== pckCertificateChain) throw new Malformed('a quote without its certificates');
  const pckChain = inner.take(inner.u32());
  inner.end('certification data of a quote');
  const qeReport = readEnclaveReport(new ByteReader(qeReportBytes));
  return { signature, attestationKey, qeReportBytes, qeReport, qeReportSignature, qeAuthData, pckChain };
}

function readEnclaveReport(reader: ByteReader): EnclaveReport {
  reader.take(16);
  const miscSelect = reader.take(4);
  reader.take(28);
  const attributes = reader.take(16);
  reader.take(64);
  const mrSigner = reader.take(32);
  reader.take(96);
  const isvProdId = reader.u16();
  const isvSvn = reader.u16();
  reader.take(60);
  return { miscSelect, attributes, mrSigner, isvProdId, isvSvn, reportData: reader.take(64) };
}
