import type { Check } from '../checks/check.ts';
import { notMade } from '../checks/judge.ts';
import { logChecks, logIds, measurementCheck, measurementsOf } from '../events/log-checks.ts';
import type { SessionEvidence } from '../evidence/evidence.ts';
import type { SessionFacts, SigningKey } from '../evidence/facts.ts';
import { gpuChecks, gpuIds } from '../gpu/gpu-checks.ts';
import { nrasChecks, nrasIds } from '../gpu/nras-checks.ts';
import type { TrustAnchor } from '../policy/trust-roots.ts';
import type { Verification } from '../policy/verification.ts';
import { bind } from '../reports/binding.ts';
import type { ReportPart } from '../reports/report.ts';
import type { TdReport } from '../tdx/quote.ts';
import { verifyQuote } from '../tdx/verify-quote.ts';
import { noncesOf } from './shown-gpus.ts';

export interface VerifiedPart {
  readonly role: ReportPart['role'];
  readonly checks: readonly Check[];
  readonly signers: readonly SigningKey[];
  readonly spkiSha256s: readonly string[];
  readonly measurements: SessionFacts['measurements'];
  readonly tcb: SessionFacts['tcb'];
  readonly gpus: SessionFacts['gpus'];
  readonly anchors: readonly TrustAnchor[];
}

/** One machine of a report. @throws Malformed */
export async function verifyPart(
  part: ReportPart,
  evidence: SessionEvidence,
  given: Verification,
): Promise<VerifiedPart> {
  const quoted = await verifyQuote(part.quote, evidence.collateral, given);
  const anchors = quoted.anchor ? [quoted.anchor] : [];
  if (!quoted.quote) {
    const open = notMade(['nonce_bound', 'signer_bound', ...logIds, ...gpuIds], 'the quote cannot be read');
    const nobody = { signers: [], spkiSha256s: [], measurements: null, tcb: null, gpus: null };
    return { role: part.role, checks: [...quoted.checks, ...open], anchors, ...nobody };
  }
  const { report } = quoted.quote;
  const bound = bind(part.binding, { reportData: report.reportData, nonce: evidence.nonce, crypto: given.crypto });
  const software = softwareChecks(part, report, given);
  const gpus = await gpuPart(part, report, { evidence, given });
  // TLS ends in the node; what a model behind it says of TLS is between the two.
  const ofPart = part.role !== 'model' ? bound.checks : bound.checks.filter(({ id }) => id !== 'tls_bound');
  return {
    role: part.role,
    checks: [...quoted.checks, ...ofPart, ...software.checks, ...gpus.checks],
    signers: bound.signers,
    spkiSha256s: bound.spkiSha256s,
    measurements: software.measurements,
    tcb: quoted.tcb,
    gpus: gpus.gpus,
    anchors: [...anchors, ...gpus.anchors],
  };
}

type Software = Pick<VerifiedPart, 'checks' | 'measurements'>;

function softwareChecks({ software }: ReportPart, report: TdReport, given: Verification): Software {
  const shown = software ?? { events: [], appCompose: null, composeHash: null };
  const measurements = measurementsOf(report, shown);
  const checks = software ? logChecks(software, report, given) : notMade(logIds, 'the report shows no boot log');
  return { checks: [...checks, measurementCheck(measurements, given)], measurements };
}

type Gpus = Pick<VerifiedPart, 'checks' | 'gpus' | 'anchors'>;

interface Asked {
  readonly evidence: SessionEvidence;
  readonly given: Verification;
}

/** A gateway's own machine has no GPUs; the models behind it do. */
async function gpuPart(part: ReportPart, report: TdReport, { evidence, given }: Asked): Promise<Gpus> {
  if (part.role === 'gateway' && part.gpus === null) return { checks: [], gpus: null, anchors: [] };
  const nonces = noncesOf(part, evidence.nonce, report.reportData);
  const local = await gpuChecks(part.gpus, nonces, given);
  const nras = part.gpus
    ? await nrasChecks(evidence.nras, { count: local.count, nonces }, given)
    : { checks: notMade(nrasIds, 'the report holds no evidence of GPUs'), anchors: [] };
  return {
    checks: [...local.checks, ...nras.checks],
    gpus: part.gpus ? { count: local.count, arch: part.gpus.arch } : null,
    anchors: [...local.anchors, ...nras.anchors],
  };
}
