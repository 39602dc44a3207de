import type { RequestId } from '@orgn/contracts';

const reasons = {
  pending: 'The receipt is being made; ask again shortly.',
  unavailable: 'The receipt was lost before it was kept, or is older than receipts are kept.',
} as const;

/** What stands in for a receipt that is not there: its status, where receipts say theirs. Nobody signed it. */
export function standingOf(id: RequestId, status: keyof typeof reasons): string {
  const reason = reasons[status];
  return JSON.stringify({ format: 'orgn-receipt-status/1', orgn: { reason, status }, receipt_id: id, status });
}
