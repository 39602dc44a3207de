import { MAX_ENTRIES, shortText } from './bounds.ts';
import { z } from 'zod';
import { request } from './contract.ts';
import { teamId } from './ids.ts';
import { usdAmount } from './keys/key-restrictions.ts';
import { displayName } from './names.ts';

/** A sum of money: integer nano-USD (1e-9 USD) as a decimal string, since a sum need not fit a number. */
export const nanoUsd = z.string().regex(/^-?\d{1,19}$/, 'must be an integer as a decimal string');

/** How a deployment has its teams pay. */
export const billingMode = z.enum(['prepaid', 'postpaid', 'off']);
export type BillingMode = z.output<typeof billingMode>;

/** What a team has. */
export const balance = z.object({
  teamId,
  billing: billingMode,
  /** Paid in and not used: what is held for requests that run is part of it. */
  fundsNanoUsd: nanoUsd,
  heldNanoUsd: nanoUsd,
  /** Of the funds, what nothing is held for. */
  availableNanoUsd: nanoUsd,
  /** Used beyond the funds, and not paid. */
  owedNanoUsd: nanoUsd,
  /** What all usage came to, and the part of it that nobody was billed for. */
  usedNanoUsd: nanoUsd,
  waivedNanoUsd: nanoUsd,
});
export type Balance = z.output<typeof balance>;

export const tellBalance = request('balances.tell', {
  askedBy: ['operator', 'auth'],
  answeredBy: ['usage-metering'],
  request: z.object({ teamId }),
  reply: balance,
  errors: [],
  timeoutMs: 5_000,
  isHedged: true,
});

/** The same name books the same amount once. */
const idempotencyKey = z.string().regex(/^[A-Za-z0-9._:/-]{1,100}$/, 'must be 1 to 100 of A-Z a-z 0-9 . _ : / -');

/** Why money was booked, for whoever reads the statement. */
const reason = displayName(200);

const booking = z.object({ teamId, amount: usdAmount, reason, idempotencyKey });

const booked = z.object({
  /** False: it had been booked before under that key, and once was enough. */
  isNew: z.boolean(),
  balance,
});

/** Books what an operator gives a team, or takes back from it. The key is theirs, so that a repetition changes nothing. */
export const bookMoney = request('balances.book', {
  askedBy: ['auth'],
  answeredBy: ['usage-metering'],
  request: booking.extend({ kind: z.enum(['credit', 'refund']), actor: shortText }),
  reply: booked,
  errors: ['insufficient_balance', 'idempotency_mismatch', 'invalid_request'],
  timeoutMs: 5_000,
});

const asked = {
  askedBy: ['operator'],
  answeredBy: ['auth'],
  request: booking,
  reply: booked,
  errors: ['team_not_found', 'insufficient_balance', 'idempotency_mismatch', 'invalid_request'],
  timeoutMs: 10_000,
} as const;

/** Gives a team a balance. What it owes is settled first. */
export const creditTeam = request('billing.credit', asked);

/** Takes from a team's balance what nothing is held for, because it was paid back. */
export const refundTeam = request('billing.refund', asked);

/** A transfer that is no usage. */
export const moneyEntry = z.object({
  at: shortText,
  kind: shortText,
  /** From the team's account to the other one; `outside` is the world. */
  debit: shortText,
  credit: shortText,
  amountNanoUsd: nanoUsd,
  reason: z.string().max(500),
  actor: shortText,
});

/** A transfer as a list shows it: `id` counts upwards. */
export const listedMoney = moneyEntry.extend({ id: nanoUsd, reference: shortText.nullable() });
export type ListedMoney = z.output<typeof listedMoney>;

/** What was paid in, given and paid back, newest first. `cursor` is the last id of the page before. */
export const listMoney = request('money.list', {
  askedBy: ['auth'],
  answeredBy: ['usage-metering'],
  request: z.object({
    teamId,
    cursor: z
      .string()
      .regex(/^\d{1,18}$/)
      .nullable()
      .default(null),
    limit: z.number().int().min(1).max(100).default(50),
  }),
  reply: z.object({ entries: z.array(listedMoney).max(MAX_ENTRIES), next: shortText.nullable() }),
  errors: [],
  timeoutMs: 5_000,
  isHedged: true,
});

/** How fast a team spends: what its usage of the last 24 hours, and of the last 7 days, came to. */
export const tellBurn = request('burn.tell', {
  askedBy: ['auth'],
  answeredBy: ['usage-metering'],
  request: z.object({ teamId }),
  reply: z.object({ dayNanoUsd: nanoUsd, weekNanoUsd: nanoUsd }),
  errors: [],
  timeoutMs: 5_000,
  isHedged: true,
});

/** A month (UTC) of a team's books. Usage counts where it was admitted, whenever it was settled. */
export const statement = z.object({
  teamId,
  month: shortText,
  /** Funds less what is owed, at the beginning and at the end of the month, or now. */
  openingNanoUsd: nanoUsd,
  closingNanoUsd: nanoUsd,
  usedNanoUsd: nanoUsd,
  waivedNanoUsd: nanoUsd,
  /** Days with usage: entries, corrections included, and what they come to. */
  days: z.array(z.object({ day: shortText, entries: z.number().int(), usedNanoUsd: nanoUsd })).max(31),
  /** What was paid in, given, paid back; the first 1,000. */
  money: z.array(moneyEntry).max(1_000),
});
export type Statement = z.output<typeof statement>;

export const tellStatement = request('statements.tell', {
  askedBy: ['operator', 'auth'],
  answeredBy: ['usage-metering'],
  request: z.object({ teamId, month: z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/, 'must be a month such as 2027-01') }),
  reply: statement,
  errors: [],
  timeoutMs: 10_000,
});

/** Something that metering keeps of a team beside what its entries and rows come to. */
export const reconciledLine = z.object({
  teamId: shortText,
  what: z.enum(['balance', 'scope', 'entries', 'rollup']),
  name: shortText,
  /** Parts that were compared, and those that differ. */
  parts: z.number().int(),
  differing: z.number().int(),
  kept: shortText,
  found: shortText,
});
export type ReconciledLine = z.output<typeof reconciledLine>;

/** Recomputes all that is kept of the next teams. `cursor` is the last team of the page before. */
export const reconcileBooks = request('books.reconcile', {
  askedBy: ['operator'],
  answeredBy: ['usage-metering'],
  request: z.object({ cursor: shortText.nullable().default(null) }),
  reply: z.object({ lines: z.array(reconciledLine).max(MAX_ENTRIES), next: shortText.nullable() }),
  errors: [],
  timeoutMs: 60_000,
});
