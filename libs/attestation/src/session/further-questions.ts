import { fromUtf8, toHex, type Bytes } from '../bytes/bytes.ts';
import { Malformed } from '../bytes/malformed.ts';
import type { Crypto } from '../crypto/crypto-port.ts';
import { readCertificate } from '../der/certificate.ts';
import { certificatesOfPem } from '../der/pem.ts';
import { readPckExtension } from '../tdx/pck-extension.ts';
import { readQuote } from '../tdx/quote.ts';
import { readReport } from '../reports/read-report.ts';

/** A type of machine as Intel calls it, and which of its authorities certified it. */
export interface MachineType {
  readonly fmspc: string;
  readonly authority: 'platform' | 'processor';
}

/** What must be asked of others before a report can be verified. */
export interface FurtherQuestions {
  /** Of Intel: one for each type of machine in the report. */
  readonly machines: readonly MachineType[];
  /** Of NVIDIA: the body to post; null where the report holds no evidence of GPUs. */
  readonly gpus: string | null;
}

/** Reads what a report leads to. Nothing of it is believed. @throws Malformed */
export function furtherQuestions(report: string, nonce: string, crypto: Crypto): FurtherQuestions {
  const { parts } = readReport(report, crypto);
  const machines = new Map<string, MachineType>();
  for (const machine of parts.map(({ quote }) => machineOf(quote))) machines.set(machine.fmspc, machine);
  const gpus = parts.find((part) => part.gpus)?.gpus;
  const asked = gpus && { nonce: gpus.nonce ?? nonce, arch: gpus.arch ?? 'HOPPER', evidence_list: gpus.list };
  return { machines: [...machines.values()], gpus: asked ? JSON.stringify(asked) : null };
}

function machineOf(quote: Bytes): MachineType {
  const [leaf] = certificatesOfPem(fromUtf8(readQuote(quote).pckChain)).map(readCertificate);
  if (!leaf) throw new Malformed('a quote without a certificate');
  const isProcessor = toHex(leaf.issuer).includes(toHex(new TextEncoder().encode('Processor CA')));
  return { fmspc: readPckExtension(leaf).fmspc, authority: isProcessor ? 'processor' : 'platform' };
}
