import { z } from 'zod';
import { model } from '../models.ts';

/** What a key may execute: anything in the catalogue, or only models that run in an attested enclave. */
export const executionPolicy = z.enum(['any', 'tee_only']);
export type ExecutionPolicy = z.output<typeof executionPolicy>;

/** Gateway model ids a key is limited to; null: every model. */
export const allowedModels = z.array(model.shape.id.max(128)).min(1).max(256).nullable();

/** An address or a range of them in CIDR notation, IPv4 or IPv6. */
export const addressRange = z.union(
  [z.cidrv4(), z.cidrv6(), z.ipv4(), z.ipv6()],
  'must be an IP address or a CIDR range',
);

/** Ranges a key may be used from; null: from everywhere. */
export const ipAllowList = z.array(addressRange).min(1).max(64).nullable();

/** USD as a decimal string, at most 9 decimal places: exact, never a float. */
export const usdAmount = z.string().regex(/^\d{1,9}(\.\d{1,9})?$/, 'must be USD as a decimal string like "25.00"');

/** Most that a key's lineage may spend: ever, and per calendar day, week and month (UTC). */
export const keyBudgets = z
  .strictObject({
    total: usdAmount.optional(),
    day: usdAmount.optional(),
    week: usdAmount.optional(),
    month: usdAmount.optional(),
  })
  .refine((budgets) => Object.keys(budgets).length > 0, 'must name a window: total, day, week or month');
export type KeyBudgets = z.output<typeof keyBudgets>;

/** A window that a budget of a key is for. */
export const budgetWindow = z.enum(['total', 'day', 'week', 'month']);
export type BudgetWindow = z.output<typeof budgetWindow>;

/** Those of a key's budgets that only warn: what goes beyond them is answered all the same. */
export const softBudgets = z
  .array(budgetWindow)
  .max(4)
  .refine((windows) => new Set(windows).size === windows.length, 'must name each window once');

const perMinute = z.number().int().min(1).max(1_000_000_000).nullable();

/** Requests of a lineage at a time, over all gateways. */
const concurrency = z.number().int().min(1).max(1_000_000).nullable();

/** What a key is limited to; null lifts a limit. Budgets, rates and requests at a time belong to the whole lineage. */
export const keyRestrictions = z.object({
  models: allowedModels,
  executionPolicy,
  ipAllowList,
  budgets: keyBudgets.nullable(),
  softBudgets,
  /** Requests a minute. */
  rpm: perMinute,
  /** Tokens a minute. */
  tpm: perMinute,
  concurrency,
});
export type KeyRestrictions = z.output<typeof keyRestrictions>;

/** A key without any limit. */
export const noRestrictions: KeyRestrictions = {
  models: null,
  executionPolicy: 'any',
  ipAllowList: null,
  budgets: null,
  softBudgets: [],
  rpm: null,
  tpm: null,
  concurrency: null,
};

/** The same, where those who speak may not know of all of them yet: what is not said is no limit. */
export const saidRestrictions = {
  ...keyRestrictions.shape,
  softBudgets: softBudgets.default([]),
  concurrency: concurrency.default(null),
};
