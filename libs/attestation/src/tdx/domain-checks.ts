import { isZero, toHex } from '../bytes/bytes.ts';
import type { Check } from '../checks/check.ts';
import { judged } from '../checks/judge.ts';
import type { AttestationPolicy } from '../policy/policy.ts';
import type { TdReport } from './quote.ts';

const proven = 'hardware_proven';

/** What the quote says of the trust domain itself, which the quote library judges more loosely. */
export const domainChecks = (report: TdReport, policy: AttestationPolicy): Check[] => [
  ...featureChecks(report, policy),
  ...ownershipChecks(report),
];

function featureChecks(report: TdReport, policy: AttestationPolicy): Check[] {
  const attributes = toHex(report.tdAttributes);
  const xfam = toHex(report.xfam);
  const isDebug = (report.tdAttributes[0] ?? 0) !== 0;
  const isKnown = policy.tdAttributes?.includes(attributes) ?? true;
  const isXfam = policy.xfams === null || policy.xfams.includes(xfam);
  return [
    judged('td_debug', proven, isDebug ? 'the trust domain can be debugged' : null, 'debugging is off'),
    judged('td_attributes', proven, isKnown ? null : `td_attributes are ${attributes}`, `td_attributes ${attributes}`),
    judged('td_xfam', proven, isXfam ? null : `xfam is ${xfam}`, `xfam ${xfam}`),
  ];
}

function ownershipChecks(report: TdReport): Check[] {
  const isIntels = isZero(report.mrSignerSeam);
  const hasService = report.mrServiceTd !== null && !isZero(report.mrServiceTd);
  return [
    judged('td_seam', proven, isIntels ? null : 'the TDX module has another signer', "the module is Intel's"),
    judged('td_service', proven, hasService ? 'a service trust domain is bound' : null, 'no service trust domain'),
  ];
}
