import { receiptCheckMeanings, type VerifiedReceipt } from '@orgn/receipts';
import { CheckList, StepList } from './check-list.tsx';
import { meaningOf, ProofBadge, wordOf } from './proof-state.tsx';
import { stateOf } from './verify-here.ts';

export { verifyHere } from './verify-here.ts';

/** The same in a sentence, for those who hear it. */
export function foundInWords(verified: VerifiedReceipt): string {
  return `This browser has looked: ${wordOf(stateOf(verified))}`;
}

/** What this browser found, without asking the gateway. */
export default function VerifiedHere({ verified }: { verified: VerifiedReceipt }) {
  const state = stateOf(verified);
  const { receipt, receiptChecks, checks } = verified;
  return (
    <section className="proof-verified" aria-label="Verified in this browser">
      <p>
        <ProofBadge state={state} /> {meaningOf(state)}
      </p>
      {receipt && (
        <p className="quiet">
          Receipt <code>{receipt.receipt_id}</code> of {receipt.model}, by {receipt.orgn.provider},{' '}
          {new Date(receipt.served_at * 1_000).toISOString()}.
        </p>
      )}
      <CheckList checks={receiptChecks} meanings={receiptCheckMeanings} />
      {checks.length > 0 && <StepList checks={[...checks]} label="Made anew from the evidence" />}
    </section>
  );
}
