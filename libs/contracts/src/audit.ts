import { z } from 'zod';
import { MAX_ENTRIES, shortText } from './bounds.ts';
import { request } from './contract.ts';
import { teamId } from './ids.ts';

/** A chain of the audit log: a team's, by its id, or `people` for what concerns no team. */
export const auditChain = z.union([teamId, z.literal('people')]);
export type AuditChain = z.output<typeof auditChain>;

/** A place in a chain: an entry's number from 1, and the hash that covers it and all before it. 0 and zeros: the beginning. */
export const auditPlace = z.object({ seq: z.number().int().nonnegative(), hash: z.string().regex(/^[0-9a-f]{64}$/) });
export type AuditPlace = z.output<typeof auditPlace>;

const head = auditPlace.extend({ chain: auditChain, at: shortText.nullable() });
export type AuditHead = z.output<typeof head>;

/** What is wrong at a place of a chain. */
export const auditFault = z.enum(['missing', 'changed', 'personal_changed', 'inserted', 'truncated', 'head_changed']);
export type AuditFault = z.output<typeof auditFault>;

/** The ends of all chains, or of a team's, by name. `cursor` is the last chain of the page before. */
export const listAuditHeads = request('audit.heads', {
  askedBy: ['operator'],
  answeredBy: ['auth'],
  request: z.object({
    teamId: teamId.nullable().default(null),
    cursor: auditChain.nullable().default(null),
    limit: z.number().int().min(1).max(500).default(500),
  }),
  reply: z.object({ heads: z.array(head).max(MAX_ENTRIES), next: auditChain.nullable() }),
  errors: [],
  timeoutMs: 10_000,
});

/**
 * Checks the next entries of a chain against their hashes, and the chain's end against its head. The asker carries the place
 * that was reached from page to page; without one the chain is checked from where it begins.
 */
export const verifyAudit = request('audit.verify', {
  askedBy: ['operator'],
  answeredBy: ['auth'],
  request: z.object({
    chain: auditChain,
    after: auditPlace.nullable().default(null),
    limit: z.number().int().min(1).max(2_000).default(2_000),
  }),
  reply: z.object({
    /** Entries that were checked and found good. */
    checked: z.number().int().nonnegative(),
    /** The last good place. */
    reached: auditPlace,
    /** Where the chain begins because what came before was dropped; null: at its first entry. */
    begins: auditPlace.nullable(),
    isEnd: z.boolean(),
    fault: z.object({ seq: z.number().int(), entry: z.uuid().nullable(), what: auditFault }).nullable(),
  }),
  errors: [],
  timeoutMs: 10_000,
});
