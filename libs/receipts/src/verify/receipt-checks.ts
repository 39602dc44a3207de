/** What is checked of a receipt itself, beside the checks of its evidence; like those, an id never changes its meaning. */
export const receiptCheckMeanings = {
  receipt_form: 'The file is a receipt as this release writes it, in its one form.',
  receipt_signature: "A key of the deployment's signed the receipt.",
  receipt_evidence: 'The evidence in the file is the one that the receipt names.',
  receipt_policy: 'The policy in the receipt is the one whose digest its verdict names.',
  receipt_reproduced: 'The evidence, verified again, gives the checks that the receipt says.',
  receipt_status: 'What the receipt says of its own status follows from its checks.',
  receipt_session: 'The evidence satisfies the policy of whoever verifies.',
  request_bytes: 'The request is the one that the receipt names.',
  request_replayed: 'The edits that the receipt lists make of the request what was sent to the provider.',
  response_bytes: 'The answer is the one that the receipt names.',
  response_replayed: "The edits that the receipt lists, undone, make of the answer the provider's own bytes.",
  log_checkpoint: "A key of the deployment's signed the head of its log.",
  log_inclusion: 'The receipt is in the log, under that head.',
  session_after: 'After the answer, the same machine proved again that it runs the same software.',
} as const;

export type ReceiptCheckId = keyof typeof receiptCheckMeanings;
export const receiptCheckIds = Object.keys(receiptCheckMeanings) as ReceiptCheckId[];

export interface ReceiptCheck {
  readonly id: ReceiptCheckId;
  readonly status: 'pass' | 'fail' | 'unknown';
  readonly detail: string;
}

/** @param fault null when it passes */
export const receiptCheck = (id: ReceiptCheckId, fault: string | null, detail = ''): ReceiptCheck => ({
  id,
  status: fault === null ? 'pass' : 'fail',
  detail: fault ?? detail,
});

export const notChecked = (id: ReceiptCheckId, why: string): ReceiptCheck => ({ id, status: 'unknown', detail: why });
