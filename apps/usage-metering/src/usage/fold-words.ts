import { usageRank } from '@orgn/contracts';
import type { UsageWord } from './usage-word.ts';

/**
 * Reduces a batch to what it says in the end, ordered by request id: of one router's words on a request the one of the
 * highest rank, of a gateway's one where no router spoke. The database does the same between batches, but one statement may
 * touch a row only once; and replicas that lock rows in one order cannot dead-lock.
 */
export function foldWords(words: readonly UsageWord[]): UsageWord[] {
  const byRequest = new Map<string, Map<string, UsageWord>>();
  for (const word of words) {
    // Ids differ in letter case only by mistake: the database holds them as values, so they are one request.
    const id = word.requestId.toLowerCase();
    const said = byRequest.get(id) ?? new Map<string, UsageWord>();
    byRequest.set(id, said);
    const by = speakerOf(word);
    const known = said.get(by);
    if (!known || usageRank(word) > usageRank(known)) said.set(by, word);
  }
  return [...byRequest].sort(inOrder).flatMap(([, said]) => strongest(said));
}

/**
 * Who spoke of which run: what one router says of the request that it accepted is one account, however often it is said. A
 * second router that accepted the same id, or the same one under another ticket, did so for somebody who let it.
 */
export function speakerOf({ witness, instance, keyId, startedAt }: UsageWord): string {
  return witness === 'gateway' ? '' : `${instance ?? ''} ${keyId} ${Date.parse(startedAt)}`;
}

/** A gateway's word counts only where no router has one, unless it is that the answer was withheld. */
function strongest(said: Map<string, UsageWord>): UsageWord[] {
  const gateways = said.get('');
  if (gateways?.outcome === 'withheld') return [gateways];
  if (said.size > 1) said.delete('');
  return [...said].sort(inOrder).map(([, word]) => word);
}

function inOrder([a]: [string, unknown], [b]: [string, unknown]): number {
  return a < b ? -1 : 1;
}
