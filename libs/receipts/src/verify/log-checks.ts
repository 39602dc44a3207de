import { fromHex, Malformed, toHex } from '@orgn/attestation';
import type { Bundle, LogProof } from '../form/bundle.ts';
import { openCheckpoint, type Checkpoint } from '../log/checkpoint.ts';
import { leafOf } from '../log/leaf.ts';
import { leafHash, rootByProof } from '../log/merkle.ts';
import type { ReceiptQuestion } from './question.ts';
import { notChecked, receiptCheck, type ReceiptCheck } from './receipt-checks.ts';

const ids = ['log_checkpoint', 'log_inclusion'] as const;

/** Whether the receipt is in the deployment's log. */
export async function logChecks(bundle: Bundle, question: ReceiptQuestion): Promise<ReceiptCheck[]> {
  if (bundle.log === 'pending') return ids.map((id) => notChecked(id, 'it was not in the log yet'));
  if (question.keys === null) return ids.map((id) => notChecked(id, 'no keys were given'));
  if (!question.keys.log) return ids.map((id) => notChecked(id, 'the keys name no log'));
  try {
    const head = await openCheckpoint(bundle.log.checkpoint, question.keys, question.crypto);
    const fault = head ? null : 'none of the keys signed this head';
    return [receiptCheck('log_checkpoint', fault, head?.origin), inclusionCheck(bundle, bundle.log, head, question)];
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    return [receiptCheck('log_checkpoint', error.message), notChecked('log_inclusion', 'there is no head')];
  }
}

function inclusionCheck(
  bundle: Bundle,
  log: LogProof,
  head: Checkpoint | null,
  question: ReceiptQuestion,
): ReceiptCheck {
  if (head?.size !== log.tree_size) return receiptCheck('log_inclusion', 'the proof is of another head');
  const root = rootOfProof(bundle, log, question);
  const fault = root === head.root ? null : 'the proof leads elsewhere';
  return receiptCheck('log_inclusion', fault, `leaf ${log.index} of ${head.size}`);
}

function rootOfProof(
  { receipt }: Bundle,
  { index, tree_size: size, proof }: LogProof,
  { crypto }: ReceiptQuestion,
): string | null {
  const leaf = leafHash(leafOf(receipt, crypto), crypto);
  const root = rootByProof(
    leaf,
    { index, size },
    proof.map((hash) => fromHex(hash)),
    crypto,
  );
  return root && toHex(root);
}
