import type { RequestId, UsageEvent, UsageWitness } from '@orgn/contracts';
import type { Admission, TicketFault } from '@orgn/service-kit';
import type { Proofs } from '../proofs/proofs.ts';
import type { UsageWord } from './usage-word.ts';

/** Why a word is not settled. */
export type WordFault =
  'ticket_missing' | `ticket_${TicketFault}` | 'other_request' | 'other_key' | 'other_team' | 'withheld_unproven';

/**
 * Holds a word against its ticket, of whatever age: metering may be late, and words may wait. Whose it is and when it began
 * says the ticket; a word that says otherwise is none.
 */
export function proveWord(proofs: Proofs, witness: UsageWitness, event: UsageEvent): UsageWord | WordFault {
  const { ticket, seal, hold, ...said } = event.data;
  if (ticket === null) return 'ticket_missing';
  const admission = proofs.read(said.requestId, ticket);
  if (typeof admission === 'string') return `ticket_${admission}`;
  const fault = contradictionOf(event, admission);
  if (fault) return fault;
  if (witness === 'gateway' && said.outcome === 'withheld' && !proofs.isWithheld(admission.requestId, seal ?? ''))
    return 'withheld_unproven';
  const { requestId, ownerId, lineageId, source, admittedAtMs } = admission;
  const admitted = { requestId, ownerId, lineageId, source, startedAt: new Date(admittedAtMs).toISOString() };
  return { ...said, ...admitted, witness, hold: heldFor(proofs, requestId, hold) };
}

function contradictionOf({ subject, data }: UsageEvent, admission: Admission): WordFault | undefined {
  // Ids differ in letter case only by mistake, and the database holds them as values.
  if (data.requestId.toLowerCase() !== admission.requestId.toLowerCase()) return 'other_request';
  if (data.keyId !== admission.keyId) return 'other_key';
  if (data.teamId !== admission.teamId || subject !== admission.teamId) return 'other_team';
  return undefined;
}

/** What an owner says that it held: nano-USD and blocks. Anything else frees nothing. */
function heldFor(proofs: Proofs, requestId: RequestId, receipt: string | undefined): string | null {
  const held = receipt === undefined ? undefined : proofs.heldBy(requestId, receipt);
  return held ? `${String(held.nanoUsd)} ${held.blocks.join('_')}` : null;
}
