import { fromHex, Malformed, type Check, type SessionFacts } from '@orgn/attestation';
import { readBundle, type Bundle } from '../form/bundle.ts';
import { readStanding } from '../form/standing.ts';
import type { Receipt } from '../form/receipt.ts';
import { signedBytes } from '../form/sign.ts';
import { byteChecks } from './byte-checks.ts';
import { logChecks } from './log-checks.ts';
import type { ReceiptQuestion } from './question.ts';
import { notChecked, receiptCheck, type ReceiptCheck, type ReceiptCheckId } from './receipt-checks.ts';
import { sessionChecks } from './session-checks.ts';
import { statusCheck } from './status-check.ts';

/** `good`: everything that matters was checked and passed. `bad`: something did not. `unknown`: something could not be checked. */
export type Outcome = 'good' | 'bad' | 'unknown';

export interface VerifiedReceipt {
  readonly outcome: Outcome;
  readonly receipt: Receipt | null;
  /** Of the receipt itself. */
  readonly receiptChecks: readonly ReceiptCheck[];
  /** Of the enclave and the answer, made anew from the evidence. */
  readonly checks: readonly Check[];
  readonly facts: SessionFacts | null;
}

/** Needs not be checked for a receipt to be good: bytes that nobody gave, and a log that is written once a minute. */
const optional = new Set<string>([
  'request_bytes',
  'request_replayed',
  'response_bytes',
  'response_replayed',
  'log_checkpoint',
  'log_inclusion',
  'session_after',
]);

/** Verifies a receipt's bundle by what the verifier brings along. It throws nothing, whatever the text is. */
export async function verifyBundle(json: string, question: ReceiptQuestion): Promise<VerifiedReceipt> {
  const standing = readStanding(json);
  if (standing) {
    const form = notChecked('receipt_form', `${standing.status}: there is no receipt here`);
    return { outcome: 'unknown', receipt: null, receiptChecks: [form], checks: [], facts: null };
  }
  try {
    return await judge(readBundle(json), question);
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    const form = receiptCheck('receipt_form', error.message);
    return { outcome: 'bad', receipt: null, receiptChecks: [form], checks: [], facts: null };
  }
}

async function judge(bundle: Bundle, question: ReceiptQuestion): Promise<VerifiedReceipt> {
  const { receipt } = bundle;
  const form = receiptCheck('receipt_form', null, bundle.format);
  const signature = await signatureCheck(receipt, question);
  // What is in a receipt that nobody signed is nobody's word.
  if (signature.status === 'fail') {
    return { outcome: 'bad', receipt, receiptChecks: [form, signature], checks: [], facts: null };
  }
  const session = await sessionChecks(bundle, question);
  const receiptChecks = [
    form,
    signature,
    ...session.receipt,
    statusCheck(receipt, session.checks),
    ...byteChecks(receipt, question),
    ...(await logChecks(bundle, question)),
  ];
  return {
    outcome: outcomeOf(receipt, receiptChecks, question.require ?? []),
    receipt,
    receiptChecks,
    checks: session.checks,
    facts: session.facts,
  };
}

async function signatureCheck(receipt: Receipt, { keys, crypto }: ReceiptQuestion): Promise<ReceiptCheck> {
  if (keys === null) return notChecked('receipt_signature', 'no keys were given');
  const key = keys.keys.find(({ kid }) => kid === receipt.key_id);
  if (!key) return receiptCheck('receipt_signature', 'it names none of the keys');
  const signature = fromHex(receipt.signature);
  const what = { scheme: 'ed25519', key: fromHex(key.public_key), signature, signed: signedBytes(receipt) } as const;
  return receiptCheck('receipt_signature', (await crypto.verify(what)) ? null : 'the signature is not good', key.kid);
}

function outcomeOf({ orgn }: Receipt, checks: readonly ReceiptCheck[], required: readonly ReceiptCheckId[]): Outcome {
  if (checks.some(({ status }) => status === 'fail') || orgn.status === 'failed') return 'bad';
  // Who serves under a contract shows no enclave, and there is nothing to be verified of one.
  const isEnclave = orgn.execution === 'tee';
  const open = checks.filter(({ id, status }) => status === 'unknown' && (!optional.has(id) || required.includes(id)));
  const matters = open.filter(({ id }) => isEnclave || id !== 'receipt_session');
  return matters.length > 0 || (isEnclave && orgn.status !== 'verified') ? 'unknown' : 'good';
}
