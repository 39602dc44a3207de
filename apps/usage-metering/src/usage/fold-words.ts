import { usageRank, type UsageRecord, type UsageWitness } from '@orgn/contracts';

/** One witness's account of one request. */
export interface UsageWord extends UsageRecord {
  /** Proven by the subject that it spoke on. */
  witness: UsageWitness;
}

/**
 * Reduces a batch to one word a request, the highest rank winning, ordered by request id. The database does the same
 * between batches, but one statement may touch a row only once; and replicas that lock rows in one order cannot
 * dead-lock. Ids differ in letter case only by mistake: the database holds them as values, so they are one request.
 */
export function foldWords(words: readonly UsageWord[]): UsageWord[] {
  const kept = new Map<string, UsageWord>();
  for (const word of words) {
    const id = word.requestId.toLowerCase();
    const known = kept.get(id);
    if (!known || usageRank(word) > usageRank(known)) kept.set(id, word);
  }
  return [...kept].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, word]) => word);
}
