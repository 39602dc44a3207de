import type { CheckId } from '../checks/check-ids.ts';
import type { Check } from '../checks/check.ts';
import { judged, notMade } from '../checks/judge.ts';
import type { Certificate } from '../der/certificate.ts';
import type { ChainVerdict } from '../der/chain.ts';
import type { QuoteCollateral } from '../evidence/evidence.ts';
import type { SessionFacts } from '../evidence/facts.ts';
import type { AttestationPolicy } from '../policy/policy.ts';
import type { Verification } from '../policy/verification.ts';
import { parseJson, record } from '../bytes/json.ts';
import { Malformed } from '../bytes/malformed.ts';
import type { TcbLevel } from './intel-statements.ts';
import type { PckExtension } from './pck-extension.ts';
import type { TdxQuote } from './quote.ts';
import { revocationChecks } from './revocation.ts';
import { libraryCheck } from './second-opinion.ts';
import {
  collateralTimeCheck,
  qeIdentityCheck,
  readStatements,
  tcbInfoCheck,
  type Statements,
} from './statement-checks.ts';
import { isModule, moduleIdentityFor, tcbLevelOf } from './tcb-level.ts';

const revocationIds = ['crl_present', 'crl_signature', 'crl_time', 'pck_revocation'] as const;
const levelIds = ['collateral_time', 'tcb_level', 'tcb_revoked'] as const;
/** The checks that rest on Intel's statements. */
export const statementIds: readonly CheckId[] = [
  'tcb_info',
  'qe_identity',
  ...levelIds,
  ...revocationIds,
  'quote_library',
];

export interface QuotedMachine {
  readonly quote: TdxQuote;
  readonly chain: readonly Certificate[];
  readonly verdict: ChainVerdict;
  readonly pck: PckExtension;
}

interface Judged {
  readonly checks: readonly Check[];
  readonly tcb: SessionFacts['tcb'];
}

function isAbout({ tcb_info }: QuoteCollateral, fmspc: string): boolean {
  try {
    return String(record(parseJson(tcb_info, 262_144), 'tcb_info').fmspc).toLowerCase() === fmspc;
  } catch (error) {
    if (error instanceof Malformed) return false;
    throw error;
  }
}

/** Those for the machine's type; of a single one that is about another, the check `tcb_info` says so. */
function pick(collateral: readonly QuoteCollateral[], { fmspc }: PckExtension): QuoteCollateral | undefined {
  return collateral.find((one) => isAbout(one, fmspc)) ?? (collateral.length === 1 ? collateral[0] : undefined);
}

export async function statementChecks(
  machine: QuotedMachine,
  collateral: readonly QuoteCollateral[],
  whole: Verification,
): Promise<Judged> {
  const chosen = pick(collateral, machine.pck);
  if (!chosen) return { checks: notMade(statementIds, `no statement about FMSPC ${machine.pck.fmspc}`), tcb: null };
  const { verdict, quote } = machine;
  // Statements count only under the root that the machine itself ends in, so that no root can speak for another's machines.
  const given = verdict.good ? { ...whole, roots: { ...whole.roots, intel: [verdict.anchor] } } : whole;
  const statements = await readStatements(chosen, given);
  const levels = levelChecks(machine, statements, given);
  const library = verdict.good
    ? [libraryCheck(quote.bytes, chosen, verdict.anchor, given.at)]
    : notMade(['quote_library'], 'the chain does not end in a pinned root');
  return {
    checks: [
      tcbInfoCheck(statements, machine.pck),
      qeIdentityCheck(statements, quote.qeReport),
      ...levels.checks,
      ...(await revocation(machine, statements, { chosen, given })),
      ...library,
    ],
    tcb: levels.tcb,
  };
}

interface Choice {
  readonly chosen: QuoteCollateral;
  readonly given: Verification;
}

async function revocation(machine: QuotedMachine, statements: Statements, { chosen, given }: Choice): Promise<Check[]> {
  const { verdict } = machine;
  const [pck, authority] = machine.chain;
  if (!verdict.good || !pck || !authority) return notMade(revocationIds, 'the chain does not end in a pinned root');
  const signers = [statements.tcbInfo.signer, statements.qeIdentity.signer].filter((one) => one !== null);
  return revocationChecks({ pck, authority, root: verdict.root, signers }, chosen, given);
}

function levelChecks(machine: QuotedMachine, statements: Statements, given: Verification): Judged {
  const [info, identity] = [statements.tcbInfo.value, statements.qeIdentity.value];
  const time = collateralTimeCheck(statements, given);
  if (!info || !identity || !time) return { checks: notMade(levelIds, 'a statement cannot be used'), tcb: null };
  const { report, qeReport } = machine.quote;
  const module = moduleIdentityFor(info, report);
  const level =
    module === null || !isModule(module, report)
      ? 'the TDX module is none that Intel names'
      : tcbLevelOf({ info, identity, pck: machine.pck, report, qeReport });
  if (typeof level === 'string') {
    const failed = judged('tcb_level', 'verifier_derived', level, '');
    return { checks: [time, failed, ...notMade(['tcb_revoked'], 'there is no patch level')], tcb: null };
  }
  const isRevoked = level.status === 'Revoked' ? 'Intel revoked this patch level' : null;
  const revoked = judged('tcb_revoked', 'verifier_derived', isRevoked, 'not revoked');
  const checks = [time, levelCheck(level, given.policy), revoked];
  return { checks, tcb: { ...level, fmspc: machine.pck.fmspc, evaluation: info.evaluation } };
}

function levelCheck(level: TcbLevel, { tcbStatuses, advisories }: AttestationPolicy): Check {
  const isTaken = level.status !== 'Revoked' && tcbStatuses.includes(level.status);
  const others = advisories === null ? [] : level.advisories.filter((id) => !advisories.includes(id));
  const named = [level.status, ...level.advisories].join(' ');
  const fault = isTaken && others.length === 0 ? null : `the patch level is ${named}`;
  return judged('tcb_level', 'verifier_derived', fault, named);
}
