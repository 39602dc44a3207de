import { concat, equalBytes, fromUtf8, isZero, type Bytes } from '../bytes/bytes.ts';
import { Malformed } from '../bytes/malformed.ts';
import type { CheckId } from '../checks/check-ids.ts';
import type { Check } from '../checks/check.ts';
import { judged, notMade } from '../checks/judge.ts';
import { readCertificate, type Certificate } from '../der/certificate.ts';
import { verifyChain, type ChainVerdict } from '../der/chain.ts';
import { certificatesOfPem } from '../der/pem.ts';
import type { QuoteCollateral } from '../evidence/evidence.ts';
import type { SessionFacts } from '../evidence/facts.ts';
import type { TrustAnchor } from '../policy/trust-roots.ts';
import type { Verification } from '../policy/verification.ts';
import { domainChecks } from './domain-checks.ts';
import { statementChecks, statementIds } from './judge-statements.ts';
import { readPckExtension, type PckExtension } from './pck-extension.ts';
import { quoteKind, readQuote, tdxTeeType, type TdxQuote } from './quote.ts';

export interface VerifiedQuote {
  readonly checks: readonly Check[];
  /** Null when there is no quote that could be read. Its content is true only where the checks passed. */
  readonly quote: TdxQuote | null;
  readonly tcb: SessionFacts['tcb'];
  readonly anchor: TrustAnchor | null;
}

const signatureIds = ['quote_signature', 'qe_report', 'pck_chain'] as const;
const domainIds = ['td_debug', 'td_attributes', 'td_xfam', 'td_seam', 'td_service'] as const;
const rest: readonly CheckId[] = [...signatureIds, ...domainIds, ...statementIds];

/** Everything that Intel's quote proves or does not, each as a check of its own. Throws nothing. */
export async function verifyQuote(
  bytes: Bytes,
  collateral: readonly QuoteCollateral[],
  given: Verification,
): Promise<VerifiedQuote> {
  const kind = quoteKind(bytes);
  const type = kind?.teeType === tdxTeeType ? null : 'not a quote of TDX';
  const teeType = judged('tee_type', 'hardware_proven', type, 'TDX');
  try {
    const quote = readQuote(bytes);
    const format = judged('quote_format', 'verifier_derived', null, `version ${quote.version}, ${bytes.length} bytes`);
    const { checks, ...found } = await judge(quote, collateral, given);
    return { checks: [teeType, format, ...checks], quote, ...found };
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    const format = judged('quote_format', 'verifier_derived', error.message, '');
    return {
      checks: [teeType, format, ...notMade(rest, 'the quote cannot be read')],
      quote: null,
      tcb: null,
      anchor: null,
    };
  }
}

interface Machine {
  readonly chain: readonly Certificate[];
  readonly verdict: ChainVerdict;
  readonly pck: PckExtension;
}

/** The certificates in the quote. @throws Malformed */
async function machineOf(quote: TdxQuote, { roots, at, crypto }: Verification): Promise<Machine> {
  const chain = certificatesOfPem(fromUtf8(quote.pckChain)).map(readCertificate);
  const [leaf] = chain;
  if (!leaf || chain.length < 2) throw new Malformed('a quote without the chain of its certificate');
  return {
    chain,
    pck: readPckExtension(leaf),
    verdict: await verifyChain(chain, { anchors: roots.intel, at, crypto }),
  };
}

type Judged = Omit<VerifiedQuote, 'quote'>;

async function judge(quote: TdxQuote, collateral: readonly QuoteCollateral[], given: Verification): Promise<Judged> {
  const domain = domainChecks(quote.report, given.policy);
  const signature = await quoteSignature(quote, given);
  let machine: Machine;
  try {
    machine = await machineOf(quote, given);
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    const chain = judged('pck_chain', 'hardware_proven', error.message, '');
    const others = notMade(['qe_report', ...statementIds], "the machine's certificate cannot be read");
    return { checks: [signature, chain, ...domain, ...others], tcb: null, anchor: null };
  }
  const { verdict } = machine;
  const anchored = verdict.good ? `ends in ${verdict.anchor.name}` : '';
  const chain = judged('pck_chain', 'hardware_proven', verdict.good ? null : verdict.why, anchored);
  const statements = await statementChecks({ quote, ...machine }, collateral, given);
  const checks = [signature, await qeReport(quote, machine, given), chain, ...domain, ...statements.checks];
  return { checks, tcb: statements.tcb, anchor: verdict.good ? verdict.anchor : null };
}

async function quoteSignature(quote: TdxQuote, { crypto }: Verification): Promise<Check> {
  const key = concat(Uint8Array.of(4), quote.attestationKey);
  const { signature, signed } = quote;
  const good = await crypto.verify({ scheme: 'ecdsa-p256-sha256', key, signature, signed });
  const fault = good ? null : 'the attestation key did not sign this quote';
  return judged('quote_signature', 'hardware_proven', fault, 'signed by the attestation key');
}

/** The PCK certificate signed the enclave's report, and that report holds the hash of the attestation key. */
async function qeReport(quote: TdxQuote, { chain }: Machine, { crypto }: Verification): Promise<Check> {
  const { key } = chain[0] ?? {};
  const hash = crypto.sha256(concat(quote.attestationKey, quote.qeAuthData));
  const { reportData } = quote.qeReport;
  const holdsKey = equalBytes(hash, reportData.subarray(0, 32)) && isZero(reportData.subarray(32));
  const scheme = 'ecdsa-p256-sha256';
  const { qeReportSignature: signature, qeReportBytes: signed } = quote;
  const isSigned = key?.kind === 'p256' && (await crypto.verify({ scheme, key: key.raw, signature, signed }));
  const fault = isSigned
    ? holdsKey
      ? null
      : "the quoting enclave's report is about another key"
    : "the quoting enclave's report is not signed by the PCK certificate";
  return judged('qe_report', 'hardware_proven', fault, 'the machine vouches for the attestation key');
}
