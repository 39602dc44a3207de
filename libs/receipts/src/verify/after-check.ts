import { fromHex, type AttestationPolicy, type SessionFacts } from '@orgn/attestation';
import type { Bundle } from '../form/bundle.ts';
import { signedBytesOf, type Succession } from '../form/succession.ts';
import type { ReceiptQuestion } from './question.ts';
import { notChecked, receiptCheck, type ReceiptCheck } from './receipt-checks.ts';
import { verifyAgain } from './verify-again.ts';

/** Whether what answered was proven again afterwards. @param before what was found of the session of the answer */
export async function afterCheck(
  bundle: Bundle,
  question: ReceiptQuestion,
  before: SessionFacts | null,
): Promise<ReceiptCheck> {
  const { after } = bundle;
  if (!after) return notChecked('session_after', 'no later verification is in the file');
  if (question.keys === null) return notChecked('session_after', 'no keys were given');
  const fault = (await signatureFault(after, question)) ?? linkFault(after, bundle);
  if (fault !== null) return receiptCheck('session_after', fault);
  if (after.session.verified_at < bundle.receipt.orgn.times.answered)
    return notChecked('session_after', 'it was made before the answer had ended');
  const again = await verifyAgain(
    bundle,
    { session: after.session, policy: after.policy as AttestationPolicy },
    question,
  );
  return receiptCheck('session_after', again.faults[0] ?? changeFault(before, again.own.facts), after.session.evidence);
}

async function signatureFault(after: Succession, { keys, crypto }: ReceiptQuestion): Promise<string | null> {
  const key = keys?.keys.find(({ kid }) => kid === after.key_id);
  if (!key) return 'it names none of the keys';
  const signature = fromHex(after.signature);
  const what = { scheme: 'ed25519', key: fromHex(key.public_key), signature, signed: signedBytesOf(after) } as const;
  return (await crypto.verify(what)) ? null : 'the signature is not good';
}

function linkFault({ before, session }: Succession, { receipt, evidence }: Bundle): string | null {
  if (receipt.orgn.session?.evidence !== before) return 'it follows another session';
  return evidence[session.evidence] ? null : 'its evidence is not in the file';
}

function changeFault(before: SessionFacts | null, after: SessionFacts): string | null {
  const [one, other] = [before, after].map((facts) => facts && softwareOf(facts));
  return one === other ? null : 'other software, or another key, was verified then';
}

const softwareOf = ({ tlsSpkiSha256, measurements }: SessionFacts): string =>
  [tlsSpkiSha256, measurements?.mrtd, measurements?.composeHash, measurements?.osImageHash].join();
