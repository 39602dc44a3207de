import { hash } from 'node:crypto';
import type { SigningKey } from '../der/signing-key.ts';
import { qeReport } from './quoting-enclave.ts';
import { tdReport10, tdReport15, type TdReportParts } from './td-report.ts';

export type QuoteVersion = 4 | 5;

/** The keys that make a quote: the enclave's own, and the processor's that vouches for it. */
export interface QuoteSigner {
  readonly attestationKey: SigningKey;
  readonly pckKey: SigningKey;
  /** The processor's certificate and its issuers up to the root, in PEM. */
  readonly pckChain: string;
}

const teeTypeTdx = 0x81;
const ecdsaP256 = 2;
const pckChainType = 5;
const qeReportType = 6;
const intelVendor = Buffer.from('939a7233f79c4ca9940a0db3957f0607', 'hex');
const authenticationData = Buffer.from(Array.from({ length: 32 }, (_, index) => index));

/** A TDX quote of version 4 (TDX 1.0) or 5 (TDX 1.5). */
export function makeQuote(parts: TdReportParts, signer: QuoteSigner, version: QuoteVersion = 4): Buffer {
  const signed = Buffer.concat([header(version), ...(version === 4 ? [tdReport10(parts)] : bodyOf15(parts))]);
  const signature = signatureOf(signed, signer);
  return Buffer.concat([signed, u32(signature.length), signature]);
}

function header(version: QuoteVersion): Buffer {
  const userData = hash('sha256', 'development platform', 'buffer').subarray(0, 20);
  return Buffer.concat([u16(version), u16(ecdsaP256), u32(teeTypeTdx), u32(0), intelVendor, userData]);
}

function bodyOf15(parts: TdReportParts): Buffer[] {
  const body = tdReport15(parts);
  return [u16(3), u32(body.length), body];
}

function signatureOf(signed: Buffer, { attestationKey, pckKey, pckChain }: QuoteSigner): Buffer {
  const report = qeReport(hash('sha256', Buffer.concat([attestationKey.point, authenticationData]), 'buffer'));
  const chain = Buffer.from(`${pckChain}\0`);
  const certification = Buffer.concat([
    report,
    pckKey.signRaw(report),
    u16(authenticationData.length),
    authenticationData,
    u16(pckChainType),
    u32(chain.length),
    chain,
  ]);
  return Buffer.concat([
    attestationKey.signRaw(signed),
    attestationKey.point,
    u16(qeReportType),
    u32(certification.length),
    certification,
  ]);
}

function u16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
