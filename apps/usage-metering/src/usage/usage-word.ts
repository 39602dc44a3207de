import type { KeyId, ModelPrice, UsageRecord, UsageSource, UsageWitness, UserId } from '@orgn/contracts';

/** One witness's account of one request, with what the registry's ticket says of it. */
export interface UsageWord extends UsageRecord {
  /** Proven by the subject that it spoke on. */
  witness: UsageWitness;
  /** Which of them, by its own account; null in words of releases before, as all that follows. */
  instance: string | null;
  /** Whose key it is; null also where it is the operator's. */
  ownerId: UserId | null;
  lineageId: KeyId | null;
  source: UsageSource;
  /** What was held for it, by its owner's word: nano-USD, and the blocks that it is of. */
  hold?: string | null | undefined;
  /** What was applied, as its version of the catalogue lists it. */
  price?: ModelPrice | undefined;
}
