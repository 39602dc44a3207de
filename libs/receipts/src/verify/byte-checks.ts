import { Malformed } from '@orgn/attestation';
import { digestOf } from '../bytes/digest.ts';
import { replay, undo, type Splice } from '../bytes/splices.ts';
import type { Receipt } from '../form/receipt.ts';
import type { ReceiptQuestion } from './question.ts';
import { notChecked, receiptCheck, type ReceiptCheck } from './receipt-checks.ts';

const notGiven = 'the bytes were not given';

/** Whether the bytes at hand are those of the receipt, and lead to what the provider got and sent. */
export function byteChecks({ event_log: log, orgn }: Receipt, question: ReceiptQuestion): ReceiptCheck[] {
  const { request, response, crypto } = question;
  const [received, forwarded, , returned] = log;
  return [
    ...side(['request_bytes', 'request_replayed'], {
      bytes: request,
      named: received.body_hash,
      other: forwarded.body_hash,
      lead: bothOf(orgn.request_cuts, orgn.request_edits),
      digest: (bytes) => digestOf(bytes, crypto),
    }),
    ...side(['response_bytes', 'response_replayed'], {
      bytes: response,
      named: returned.body_hash,
      other: orgn.response_received,
      lead: orgn.response_edits && ((bytes) => undo(bytes, orgn.response_edits ?? [])),
      digest: (bytes) => digestOf(bytes, crypto),
    }),
  ];
}

function bothOf(cuts: readonly Splice[] | null, edits: readonly Splice[] | null): Side['lead'] {
  return cuts && edits && ((bytes) => replay(replay(bytes, cuts), edits));
}

interface Side {
  readonly bytes: Uint8Array | null;
  readonly named: string | null;
  readonly other: string | null;
  readonly lead: ((bytes: Uint8Array) => Uint8Array) | null;
  readonly digest: (bytes: Uint8Array) => string;
}

type Ids = readonly ['request_bytes', 'request_replayed'] | readonly ['response_bytes', 'response_replayed'];

function side([bytesId, replayedId]: Ids, { bytes, named, other, lead, digest }: Side): ReceiptCheck[] {
  if (bytes === null) return [notChecked(bytesId, notGiven), notChecked(replayedId, notGiven)];
  if (named === null) {
    const why = 'the receipt names no such bytes';
    return [notChecked(bytesId, why), notChecked(replayedId, why)];
  }
  const same = receiptCheck(bytesId, digest(bytes) === named ? null : 'these are other bytes', named);
  if (lead === null || other === null)
    return [same, notChecked(replayedId, 'the receipt lists no edits that lead there')];
  return [
    same,
    receiptCheck(
      replayedId,
      faultOf(() => digest(lead(bytes)) === other),
      other,
    ),
  ];
}

function faultOf(leads: () => boolean): string | null {
  try {
    return leads() ? null : 'the edits lead to other bytes';
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    return error.message;
  }
}
