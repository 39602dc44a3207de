import {
  answerChecks,
  policyDigest,
  verdictOf,
  type AttestationPolicy,
  type Check,
  type SessionFacts,
} from '@orgn/attestation';
import { digestOfJson } from '../bytes/digest.ts';
import type { Bundle } from '../form/bundle.ts';
import type { Receipt, ReceiptSession } from '../form/receipt.ts';
import { afterCheck } from './after-check.ts';
import { channelChecks } from './channel-checks.ts';
import type { ReceiptQuestion } from './question.ts';
import { notChecked, receiptCheck, type ReceiptCheck } from './receipt-checks.ts';
import { differences, verifyAgain, type Again } from './verify-again.ts';

export interface JudgedSession {
  readonly receipt: readonly ReceiptCheck[];
  /** Of the evidence, the answer and the connection, by the policy of whoever verifies. */
  readonly checks: readonly Check[];
  readonly facts: SessionFacts | null;
}

/** Verifies the evidence again, at the time when it was verified first, and compares with what the receipt says. */
export async function sessionChecks(bundle: Bundle, question: ReceiptQuestion): Promise<JudgedSession> {
  const { session, policy } = bundle.receipt.orgn;
  const evidence = evidenceCheck(bundle, question);
  if (session === null || policy === null || evidence.status === 'fail') {
    const open = notChecked('receipt_session', 'there is no evidence of an enclave');
    return { receipt: [evidence, open, await afterCheck(bundle, question, null)], checks: [], facts: null };
  }
  const samePolicy = policyCheck(policy as AttestationPolicy, session, question);
  const { receipt, checks, facts } = await again(bundle, session, question);
  return { receipt: [evidence, samePolicy, ...receipt], checks, facts };
}

async function again(bundle: Bundle, session: ReceiptSession, question: ReceiptQuestion): Promise<JudgedSession> {
  const { session_after: later, checks: said } = bundle.receipt.orgn;
  const policy = bundle.receipt.orgn.policy as AttestationPolicy;
  const first = await verifyAgain(bundle, { session, policy }, question);
  const after = later && (await verifyAgain(bundle, { session: later, policy }, question));
  const answers = await answersOf(bundle.receipt, first, question);
  const faults = [...first.faults, ...(after?.faults ?? []), ...differences(said, answers)];
  const reproduced = receiptCheck('receipt_reproduced', faults.length > 0 ? faults.slice(0, 4).join('; ') : null);
  const afterwards = await afterCheck(bundle, question, first.own.facts);
  const { facts } = first.own;
  const all = [...first.own.checks, ...answers, ...channelChecks(bundle.receipt, facts, afterwards)];
  return { receipt: [reproduced, ownCheck(all, question), afterwards], checks: all, facts };
}

/** The policy of whoever verifies may demand of the enclave, of the answer and of the connection. */
function ownCheck(checks: readonly Check[], { policy, crypto }: ReceiptQuestion): ReceiptCheck {
  const verdict = verdictOf(checks, policy, policyDigest(policy, crypto));
  if (verdict.status === 'unknown') return notChecked('receipt_session', `unknown: ${verdict.unknown.join(', ')}`);
  const fault = verdict.status === 'verified' ? null : `failed: ${verdict.failed.join(', ')}`;
  return receiptCheck('receipt_session', fault);
}

/** Exactly the evidence that the receipt names, and nothing beside it. */
function evidenceCheck({ receipt, evidence, after: later }: Bundle, { crypto }: ReceiptQuestion): ReceiptCheck {
  const { session, session_after: after } = receipt.orgn;
  const named = new Set([session, after, later?.session].flatMap((one) => (one ? [one.evidence] : [])));
  const there = Object.entries(evidence);
  if (there.length !== named.size || there.some(([digest]) => !named.has(digest))) {
    return receiptCheck('receipt_evidence', 'other evidence is there than the receipt names');
  }
  const wrong = there.some(([digest, content]) => digestOfJson(content, crypto) !== digest);
  return receiptCheck(
    'receipt_evidence',
    wrong ? 'the evidence is not what its digest says' : null,
    `${named.size} reports`,
  );
}

function policyCheck(
  policy: AttestationPolicy,
  { verdict }: ReceiptSession,
  { crypto }: ReceiptQuestion,
): ReceiptCheck {
  const digest = policyDigest(policy, crypto);
  return receiptCheck(
    'receipt_policy',
    digest === verdict.policyDigest ? null : 'the verdict is by another policy',
    digest,
  );
}

/** Checks of the exchange, which the receipt's own hashes are compared by. */
async function answersOf(receipt: Receipt, { own }: Again, { crypto }: ReceiptQuestion): Promise<Check[]> {
  const { provider_signature: signature, response_received: response, upstream_model: model } = receipt.orgn;
  const [, forwarded] = receipt.event_log;
  const plain = (digest: string) => digest.slice('sha256:'.length);
  const exchange = { requestHash: plain(forwarded.body_hash), responseHash: plain(response ?? 'sha256:'), model };
  return answerChecks(signature, exchange, own.facts.signers, crypto);
}
