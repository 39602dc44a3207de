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

const perMinute = z.number().int().min(1).max(1_000_000_000).nullable();

/** What a key is limited to; null lifts a limit. Budgets and rates belong to the whole lineage. */
export const keyRestrictions = z.object({
  models: allowedModels,
  executionPolicy,
  ipAllowList,
  budgets: keyBudgets.nullable(),
  /** Requests a minute. */
  rpm: perMinute,
  /** Tokens a minute. */
  tpm: perMinute,
});
export type KeyRestrictions = z.output<typeof keyRestrictions>;

/** A key without any limit. */
export const noRestrictions: KeyRestrictions = {
  models: null,
  executionPolicy: 'any',
  ipAllowList: null,
  budgets: null,
  rpm: null,
  tpm: null,
};
