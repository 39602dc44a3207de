import { equalBytes, fromHex, utf8 } from '../bytes/bytes.ts';
import { Malformed } from '../bytes/malformed.ts';
import { judged } from '../checks/judge.ts';
import type { Check } from '../checks/check.ts';
import { readCertificate, type Certificate } from '../der/certificate.ts';
import { verifyChain } from '../der/chain.ts';
import { certificatesOfPem } from '../der/pem.ts';
import type { QuoteCollateral } from '../evidence/evidence.ts';
import type { Verification } from '../policy/verification.ts';
import { readQeIdentity, readTcbInfo, type QeIdentity, type TcbInfo } from './intel-statements.ts';
import type { PckExtension } from './pck-extension.ts';
import { equalUnder } from './tcb-level.ts';
import type { EnclaveReport } from './quote.ts';

/** One of Intel's statements: what it says, who signed it, and what is wrong with it. */
export interface Statement<T> {
  readonly value: T | null;
  readonly signer: Certificate | null;
  readonly fault: string | null;
}

interface Signed {
  readonly json: string;
  readonly signature: string;
  readonly chain: string;
}

async function readStatement<T>(what: Signed, read: (json: string) => T, given: Verification): Promise<Statement<T>> {
  try {
    const chain = certificatesOfPem(what.chain).map(readCertificate);
    const signer = chain[0] ?? null;
    const fault = await statementFault(what, chain, given);
    return { value: fault === null ? read(what.json) : null, signer, fault };
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    return { value: null, signer: null, fault: error.message };
  }
}

async function statementFault(
  what: Signed,
  chain: readonly Certificate[],
  given: Verification,
): Promise<string | null> {
  const { roots, at, crypto } = given;
  const verdict = await verifyChain(chain, { anchors: roots.intel, at, crypto });
  const key = chain[0]?.key;
  if (!verdict.good) return verdict.why;
  if (key?.kind !== 'p256') return 'its signer has a key of another kind';
  const signature = fromHex(what.signature);
  const good = await crypto.verify({ scheme: 'ecdsa-p256-sha256', key: key.raw, signature, signed: utf8(what.json) });
  return good ? null : 'its signature is not good';
}

export interface Statements {
  readonly tcbInfo: Statement<TcbInfo>;
  readonly qeIdentity: Statement<QeIdentity>;
}

export async function readStatements(collateral: QuoteCollateral, given: Verification): Promise<Statements> {
  const tcbInfo = {
    json: collateral.tcb_info,
    signature: collateral.tcb_info_signature,
    chain: collateral.tcb_info_issuer_chain,
  };
  const qeIdentity = {
    json: collateral.qe_identity,
    signature: collateral.qe_identity_signature,
    chain: collateral.qe_identity_issuer_chain,
  };
  return {
    tcbInfo: await readStatement(tcbInfo, readTcbInfo, given),
    qeIdentity: await readStatement(qeIdentity, readQeIdentity, given),
  };
}

export function tcbInfoCheck({ tcbInfo }: Statements, pck: PckExtension): Check {
  const { value } = tcbInfo;
  const isOther = value !== null && (value.fmspc !== pck.fmspc || value.pceId !== pck.pceId);
  const fault = isOther ? "it is about another type of machine than the quote's" : tcbInfo.fault;
  return judged('tcb_info', 'verifier_derived', fault, `signed by Intel's TCB signer, for FMSPC ${pck.fmspc}`);
}

/** What of the quoting enclave's report is not as its identity says; null when all is. */
function qeFault(identity: QeIdentity, report: EnclaveReport): string | null {
  if (!equalBytes(identity.mrSigner, report.mrSigner)) return 'the quoting enclave has another signer';
  if (identity.isvProdId !== report.isvProdId) return 'the quoting enclave is another product';
  if (!equalUnder(identity.miscSelectMask, identity.miscSelect, report.miscSelect)) {
    return 'the quoting enclave has another MISCSELECT';
  }
  const same = equalUnder(identity.attributesMask, identity.attributes, report.attributes);
  return same ? null : 'the quoting enclave has other attributes';
}

export function qeIdentityCheck({ qeIdentity }: Statements, report: EnclaveReport): Check {
  const isDebug = ((report.attributes[0] ?? 0) & 2) !== 0;
  const fault = qeIdentity.value ? qeFault(qeIdentity.value, report) : qeIdentity.fault;
  const good = "the quoting enclave is Intel's, by an identity that Intel signed";
  return judged('qe_identity', 'verifier_derived', isDebug ? 'the quoting enclave can be debugged' : fault, good);
}

export function collateralTimeCheck({ tcbInfo, qeIdentity }: Statements, { at, policy }: Verification): Check | null {
  if (!tcbInfo.value || !qeIdentity.value) return null;
  const both = [tcbInfo.value, qeIdentity.value];
  const until = new Date(Math.min(...both.map((one) => one.nextUpdate))).toISOString();
  const fault = both.some((one) => at < one.issued)
    ? "a statement of Intel's is of later than this time"
    : both.some((one) => at > one.nextUpdate)
      ? `a statement of Intel's ran out at ${until}`
      : both.some((one) => one.evaluation < policy.minimumTcbEvaluation)
        ? 'a statement is of an older round of evaluation than the policy takes'
        : null;
  return judged('collateral_time', 'verifier_derived', fault, `valid until ${until}`);
}
