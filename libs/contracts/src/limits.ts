import { z } from 'zod';
import { ticketStub } from './admission.ts';
import { balance } from './billing.ts';
import { request } from './contract.ts';
import { nanoUsdText, rateStandings, scopePeriod } from './holds.ts';
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

/** How a lineage's limits by the minute stand; asked of the owner of its team, by its own subject. */
export const tellRates = request('limits.rates', {
  isHedged: true,
  askedBy: ['gateway'],
  answeredBy: ['usage-metering'],
  request: z.object({ lineageId: keyId, rpm: z.number().int().nullable(), tpm: z.number().int().nullable() }),
  reply: z.object({ rates: rateStandings }),
  errors: [],
  timeoutMs: 2_000,
});

/** The balance of the team whose key was presented for a request: a gateway can ask for no other. */
export const tellCredits = request('credits.tell', {
  isHedged: true,
  askedBy: ['gateway'],
  answeredBy: ['usage-metering'],
  request: z.object({ ticket: ticketStub }),
  reply: balance,
  errors: ['admission_refused'],
  timeoutMs: 3_000,
});
