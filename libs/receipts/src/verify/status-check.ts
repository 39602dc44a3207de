import type { Check } from '@orgn/attestation';
import type { Receipt } from '../form/receipt.ts';
import { receiptCheck, type ReceiptCheck } from './receipt-checks.ts';

/** What must have passed for an answer of an enclave to be called verified, beside the enclave itself. */
const ofAnswer = [
  'signature_present',
  'response_signature',
  'signer_attested',
  'request_hash',
  'response_hash',
] as const;

/** A receipt may not call verified what its checks do not carry, nor prove by hardware what is only said. */
export function statusCheck({ orgn, event_log: log }: Receipt, checks: readonly Check[]): ReceiptCheck {
  return receiptCheck('receipt_status', faultOf(orgn, log, checks), orgn.status);
}

function faultOf(orgn: Receipt['orgn'], log: Receipt['event_log'], checks: readonly Check[]): string | null {
  if (orgn.execution !== 'tee') return faultOfContract(orgn);
  const isVerified = log[2].result === 'verified';
  const isProven = orgn.session?.verdict.status === 'verified';
  if (isVerified && !isProven) return 'its enclave was not verified';
  return orgn.status === 'verified' ? faultOfVerified(orgn, isVerified, checks) : null;
}

function faultOfVerified({ answer }: Receipt['orgn'], isVerified: boolean, checks: readonly Check[]): string | null {
  const missing = ofAnswer.filter((id) => !checks.some((check) => check.id === id && check.status === 'pass'));
  if (missing.length > 0) return `it calls itself verified without ${missing.join(', ')}`;
  return isVerified && answer === 'complete' ? null : 'it calls itself verified and is not';
}

function faultOfContract({ checks, session }: Receipt['orgn']): string | null {
  const isProven = checks.some(({ source }) => source === 'hardware_proven') || session !== null;
  return isProven ? 'no hardware proves anything of this answer' : null;
}
