import { policyDigest } from '../policy/default-policy.ts';
import { Malformed } from '../bytes/malformed.ts';
import { checkIds } from '../checks/check-ids.ts';
import { worstOf, type Check } from '../checks/check.ts';
import { judged, notMade } from '../checks/judge.ts';
import type { SessionEvidence } from '../evidence/evidence.ts';
import type { SessionFacts } from '../evidence/facts.ts';
import { readable } from '../evidence/readable.ts';
import { leasedChecks } from '../gpu/leased-gpus.ts';
import type { TrustAnchor } from '../policy/trust-roots.ts';
import { verdictOf, type Verdict } from '../policy/verdict.ts';
import type { Verification } from '../policy/verification.ts';
import { readReport } from '../reports/read-report.ts';
import type { Report } from '../reports/report.ts';
import { tlsChecks } from './tls-checks.ts';
import { verifyPart, type VerifiedPart } from './verify-part.ts';

/** A verification of one endpoint: every check once, what was found, and the verdict by the policy. */
export interface VerifiedSession {
  readonly checks: readonly Check[];
  readonly facts: SessionFacts;
  readonly verdict: Verdict;
}

const nothing: SessionFacts = {
  form: null,
  signers: [],
  tlsSpkiSha256: null,
  measurements: null,
  tcb: null,
  gpus: null,
  roots: [],
  developmentRoot: false,
};

/** Checks of a connection and of an answer, which a report alone says nothing of. */
const ofRequests = ['key_attested', 'instance_attested', 'session_fresh', 'signature_present', 'response_signature'];
const afterwards = [
  ...ofRequests,
  'signer_attested',
  'request_hash',
  'response_hash',
  'signed_model',
  'session_bracket',
];

/**
 * Verifies the evidence of an endpoint, in the order of docs/verification.md. It throws nothing, whatever the evidence is; a
 * report that cannot be read fails `report_form` and leaves everything else unknown.
 */
export async function verifySession(came: SessionEvidence, given: Verification): Promise<VerifiedSession> {
  const evidence = readable(came);
  const digest = policyDigest(given.policy, given.crypto);
  const concluded = (checks: readonly Check[], facts: SessionFacts): VerifiedSession => {
    const single = worstOf(checks);
    return { checks: single, facts, verdict: verdictOf(single, given.policy, digest) };
  };
  try {
    // Nothing has begun or ended at a time that is none.
    if (!Number.isFinite(given.at)) throw new Malformed('no time to verify at');
    const report = readReport(evidence.report, given.crypto);
    const parts = await Promise.all(report.parts.map((part) => verifyPart(part, evidence, given)));
    const node = parts.find(({ role }) => role !== 'model');
    const tls = tlsChecks(evidence, report, node?.spkiSha256s ?? [], given);
    const checks = [formCheck(report, given), ...parts.flatMap((part) => part.checks), ...tls.checks];
    const found = { checks, facts: factsOf(report, parts, tls.spkiSha256) };
    const { checks: all, facts } = await withLeasedGpus(found, evidence, given);
    return concluded(all, facts);
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    const form = judged('report_form', 'verifier_derived', error.message, '');
    const others = checkIds.filter((id) => id !== 'report_form' && !afterwards.includes(id));
    return concluded([form, ...notMade(others, 'the report cannot be read')], nothing);
  }
}

type Found = Pick<VerifiedSession, 'checks' | 'facts'>;

/** What an earlier report showed of the GPUs, where this one shows none. Leases do not follow one another. */
async function withLeasedGpus(found: Found, { gpus }: SessionEvidence, given: Verification): Promise<Found> {
  if (!gpus || found.facts.gpus !== null || gpus.evidence.gpus) return found;
  const then = await verifySession(gpus.evidence, { ...given, at: gpus.at });
  const isVerified = then.verdict.status === 'verified';
  const machine = { checks: worstOf(found.checks), facts: found.facts, at: given.at };
  const checks = leasedChecks(machine, { ...then, isVerified, at: gpus.at });
  const roots = [...new Set([...found.facts.roots, ...then.facts.roots])].toSorted();
  const developmentRoot = found.facts.developmentRoot || then.facts.developmentRoot;
  return { checks, facts: { ...found.facts, gpus: then.facts.gpus, roots, developmentRoot } };
}

function formCheck({ form }: Report, { policy }: Verification): Check {
  const fault = policy.forms.includes(form) ? null : `a report of the form ${form} is not taken`;
  return judged('report_form', 'verifier_derived', fault, form);
}

/** Of several machines: the model's where there is one, since it is what answers. */
function factsOf({ form }: Report, parts: readonly VerifiedPart[], spkiSha256: string | null): SessionFacts {
  const main = parts.find(({ role }) => role === 'model') ?? parts[0];
  const anchors = parts.flatMap((part) => part.anchors);
  const names = (of: readonly TrustAnchor[]): string[] => [...new Set(of.map(({ name }) => name))].toSorted();
  return {
    form,
    signers: parts.flatMap((part) => part.signers),
    tlsSpkiSha256: spkiSha256,
    measurements: main?.measurements ?? null,
    tcb: main?.tcb ?? null,
    gpus: main?.gpus ?? null,
    roots: names(anchors),
    developmentRoot: anchors.some(({ development }) => development),
  };
}
