import type { BillingMode, HoldAnswer } from '@orgn/contracts';
import type { Admission } from '@orgn/service-kit';
import { limitsOf, type Limit } from './limit.ts';

/** What a request wants set aside, as its ticket proves it. */
export interface HoldOrder {
  admission: Admission;
  nanoUsd: bigint;
  tokens: number;
  limits: readonly Limit[];
  /** What it may go beyond, and is warned of. */
  softLimits: readonly Limit[];
  /** Monotonic milliseconds: it waits no longer than its time from then on, whatever it waits for. */
  askedAt: number;
}

/** What becomes of an order. `unknown`: the database could not say how its scopes stand, so nobody may say why it has no hold. */
export type HoldOutcome = HoldAnswer | { state: 'unknown' };

/** A hold that was given, until its request is settled or will not run. */
export interface OpenHold {
  order: HoldOrder;
  answer: HoldAnswer;
  /** Keys of its limits, and the block of each. */
  blocks: readonly (readonly [limit: string, block: string])[];
  /** Monotonic milliseconds. */
  at: number;
}

export function toOrder(
  admission: Admission,
  { nanoUsd, tokens }: { nanoUsd: number; tokens: number },
  billing: BillingMode,
): HoldOrder {
  const { hard, soft } = nanoUsd > 0 ? limitsOf(admission, billing) : { hard: [], soft: [] };
  const limits = { limits: hard, softLimits: soft };
  return { admission, nanoUsd: BigInt(nanoUsd), tokens, ...limits, askedAt: performance.now() };
}
