export { checkIds, checkMeanings, type CheckId } from './checks/check-ids.ts';
export { worstOf, type Check, type CheckSource, type CheckStatus } from './checks/check.ts';
export type { NrasEvidence, QuoteCollateral, SessionEvidence, SignedAnswer } from './evidence/evidence.ts';
export type { ReportForm, SessionFacts, SigningKey } from './evidence/facts.ts';
export type { MeasurementRule, Measurements } from './policy/measurement-rule.ts';
export { tcbStatuses, type AttestationPolicy, type TcbStatus } from './policy/policy.ts';
export type { TrustAnchor, TrustRoots } from './policy/trust-roots.ts';
export { verdictOf, type Verdict } from './policy/verdict.ts';
