import { checkIds, Malformed, type AttestationPolicy } from '@orgn/attestation';
import { z } from 'zod';
import { policySchema } from '../form/receipt.ts';
import { receiptCheckIds, type ReceiptCheckId } from './receipt-checks.ts';

/** What somebody demands of a receipt: of the enclave, and of the receipt itself. */
export interface Demands {
  readonly policy: AttestationPolicy;
  readonly require: readonly ReceiptCheckId[];
}

/** `require` may name checks of the receipt beside those of its evidence. */
const form = policySchema.extend({
  require: z.array(z.enum([...checkIds, ...receiptCheckIds])).max(checkIds.length + receiptCheckIds.length),
});
const ofReceipt = new Set<string>(receiptCheckIds);
const isOfReceipt = (id: string): id is ReceiptCheckId => ofReceipt.has(id);

/** A file of demands: a policy as receipts have it. @throws Malformed */
export function readDemands(json: string): Demands {
  const parsed = form.safeParse(valueOf(json));
  if (!parsed.success) throw new Malformed(`The policy is not one: ${parsed.error.issues[0]?.path.join('.') ?? ''}`);
  const { require, ...policy } = parsed.data;
  const ofEvidence = require.filter((id) => !isOfReceipt(id));
  return { policy: { ...policy, require: ofEvidence } as AttestationPolicy, require: require.filter(isOfReceipt) };
}

function valueOf(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    throw new Malformed('The policy is not JSON.');
  }
}
