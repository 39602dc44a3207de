import { auditChain, auditPlace, boundedRecord, clientContext, shortText, teamId } from '@orgn/contracts';
import { z } from 'zod';
import { consoleRoute, page, paging } from '../route.ts';

export const auditActor = z.object({
  kind: z.enum(['user', 'operator', 'holder', 'scanner', 'system']),
  /** Of a person. */
  id: shortText.nullable(),
  /** A person's as it is now, an operator's as it was; null where it is not known, or was blanked. */
  name: shortText.nullable(),
});

export const auditView = z.object({
  id: z.uuid(),
  at: shortText,
  actor: auditActor,
  /** `<noun>.<past participle>`. */
  action: shortText,
  object: z.object({ kind: shortText, id: shortText }),
  /** What changed, and only that: its value before and after. Never a secret. */
  before: boundedRecord(shortText, z.unknown(), 1_024).nullable(),
  after: boundedRecord(shortText, z.unknown(), 1_024).nullable(),
  client: clientContext.nullable(),
});
export type AuditView = z.output<typeof auditView>;

const when = z.iso.datetime({ offset: true }).max(64).optional();

export const auditFilters = {
  /** Id of a person, or one of the other kinds of actor. */
  actor: z
    .string()
    .regex(/^(user_[0-9a-f]{32}|operator|holder|scanner|system)$/, 'must be a user id or a kind of actor')
    .optional(),
  action: z
    .string()
    .regex(/^[a-z_]{1,32}\.[a-z_]{1,32}$/, 'must look like key.revoked')
    .optional(),
  /** Id of what was changed. */
  object: z
    .string()
    .regex(/^[a-z0-9_-]{1,80}$/, 'must be the id of a key, team, member, invitation or session')
    .optional(),
  since: when,
  until: when,
};

export const auditRoutes = {
  list: consoleRoute('listAudit', {
    method: 'GET',
    path: '/api/teams/{teamId}/audit',
    tag: 'audit',
    summary:
      'What was done in a team, newest first. With `format=ndjson`, or `accept: application/x-ndjson`, everything that the filters match, one entry a line.',
    params: z.strictObject({ teamId }),
    query: z.strictObject({
      ...auditFilters,
      ...paging,
      cursor: z.uuid().optional(),
      format: z.enum(['json', 'ndjson']).optional(),
    }),
    reply: page(auditView),
    errors: ['not_found', 'not_permitted'],
    access: { who: 'signed_in', action: 'audit.read' },
  }),
  head: consoleRoute('getAuditHead', {
    method: 'GET',
    path: '/api/teams/{teamId}/audit/head',
    tag: 'audit',
    summary:
      'The number of the last entry, and the hash that covers it and all before it. Kept elsewhere, it shows later whether somebody has rewritten the log.',
    params: z.strictObject({ teamId }),
    reply: auditPlace.extend({ chain: auditChain, at: shortText.nullable() }),
    errors: ['not_found', 'not_permitted'],
    access: { who: 'signed_in', action: 'audit.read' },
  }),
};
