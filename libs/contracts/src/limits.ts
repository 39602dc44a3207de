import { z } from 'zod';
import { request } from './contract.ts';
import { nanoUsdText, scopePeriod } from './holds.ts';
import { keyId, teamId } from './ids.ts';

/** What a key's lineage has spent in a window (UTC), and what is held of it. */
export const windowSpend = z.object({
  period: scopePeriod,
  spentNanoUsd: nanoUsdText,
  heldNanoUsd: nanoUsdText,
  /** When the window ends; null: never. */
  resetsAt: z.iso.datetime().max(64).nullable(),
});
export type WindowSpend = z.output<typeof windowSpend>;

/** What a key's lineage has spent by now: today, this week, this month, ever. */
export const tellSpend = request('limits.tell', {
  isHedged: true,
  askedBy: ['gateway'],
  answeredBy: ['usage-metering'],
  request: z.object({ teamId, lineageId: keyId }),
  reply: z.object({ windows: z.array(windowSpend).max(8) }),
  errors: [],
  timeoutMs: 2_000,
});
