import {
  expiresAt,
  extendKey,
  keyId,
  keyName,
  keyRestrictions,
  keyState,
  keyView,
  noRestrictions,
  revocationReason,
  rotateKey,
  shortText,
  teamId,
} from '@orgn/contracts';
import { z } from 'zod';
import { consoleRoute, page, paging } from '../route.ts';
import { person } from './person.ts';
import { usdInput } from './usd.ts';

/** A key as the console shows it: never its secret or digest. */
export const consoleKey = keyView.omit({ createdBy: true, ownerId: true }).extend({
  /** Null: the operator. */
  createdBy: person.nullable(),
  /** Whose it is now; null: the operator's. */
  owner: person.nullable(),
});
export type ConsoleKey = z.output<typeof consoleKey>;

/** Requests under a key at this moment; null: no gateway has answered. */
const running = z
  .object({ requests: z.number().int(), streams: z.number().int(), gateways: z.number().int() })
  .nullable();

/** How a key is used. */
const keyUse = z.object({
  id: keyId,
  state: keyState,
  lastUsedAt: keyView.shape.lastUsedAt,
  lastUsedWith: keyView.shape.lastUsedWith,
  lastUsedFrom: keyView.shape.lastUsedFrom,
  running,
});

/** A new key with its secret, which is shown this once. */
export const newKey = consoleKey.extend({ key: shortText });
export type NewKey = z.output<typeof newKey>;

const budgetsInput = z
  .strictObject({
    total: usdInput.optional(),
    day: usdInput.optional(),
    week: usdInput.optional(),
    month: usdInput.optional(),
  })
  .refine((budgets) => Object.keys(budgets).length > 0, 'must name a window: total, day, week or month')
  .nullable();

const restrictions = { ...keyRestrictions.shape, budgets: budgetsInput };

const createBody = z.strictObject({
  name: keyName,
  expiresAt: expiresAt.default(null),
  models: restrictions.models.default(noRestrictions.models),
  /** Absent: the team's default. */
  executionPolicy: restrictions.executionPolicy.optional(),
  ipAllowList: restrictions.ipAllowList.default(noRestrictions.ipAllowList),
  budgets: restrictions.budgets.default(noRestrictions.budgets),
  softBudgets: restrictions.softBudgets.default(noRestrictions.softBudgets),
  rpm: restrictions.rpm.default(noRestrictions.rpm),
  tpm: restrictions.tpm.default(noRestrictions.tpm),
  concurrency: restrictions.concurrency.default(noRestrictions.concurrency),
});

const team = z.strictObject({ teamId });
const params = z.strictObject({ teamId, keyId });
const tag = 'keys';
const path = '/api/teams/{teamId}/keys/{keyId}';
const { graceSeconds, activate } = rotateKey.request.shape;

export const keyRoutes = {
  list: consoleRoute('listKeys', {
    method: 'GET',
    path: '/api/teams/{teamId}/keys',
    tag,
    summary: 'Keys of a team, newest first, ended ones included.',
    params: team,
    query: z.strictObject({ ...paging, cursor: keyId.optional() }),
    reply: page(consoleKey),
    errors: ['not_found'],
    access: { who: 'signed_in', action: 'keys.read' },
  }),
  create: consoleRoute('createKey', {
    method: 'POST',
    path: '/api/teams/{teamId}/keys',
    tag,
    summary: 'Makes a key and answers its secret, this once. The caller owns it.',
    params: team,
    body: createBody,
    reply: newKey,
    status: 201,
    errors: ['not_found', 'not_permitted', 'request_conflict', 'rate_limit_exceeded', 'reauthentication_required'],
    access: { who: 'signed_in', action: 'keys.create', isStepUp: true },
    audit: 'key.created',
    limit: 'key_creation',
  }),
  get: consoleRoute('getKey', {
    method: 'GET',
    path,
    tag,
    summary: 'A key of a team.',
    params,
    reply: consoleKey,
    errors: ['not_found'],
    access: { who: 'signed_in', action: 'keys.read' },
  }),
  activity: consoleRoute('getKeyActivity', {
    method: 'GET',
    path: `${path}/activity`,
    tag,
    summary:
      'What happens under a key now: its last use, what is running, and the same of the key that it replaced while that is still accepted.',
    params,
    reply: keyUse.extend({
      /** Whether it is the team’s only active key. A replaced one in its grace period does not count as another. */
      isOnlyActive: z.boolean(),
      /** The key that it replaced, while that is accepted. */
      predecessor: keyUse.extend({ hint: shortText, expiresAt, isAwaitingFirstUse: z.boolean() }).nullable(),
    }),
    errors: ['not_found'],
    access: { who: 'signed_in', action: 'keys.read' },
  }),
  update: consoleRoute('updateKey', {
    method: 'PATCH',
    path,
    tag,
    summary:
      'Changes name, expiry or restrictions; what is absent stays, null lifts. Lifting or loosening needs a recent sign-in.',
    params,
    body: z.strictObject({ name: keyName, expiresAt, ...restrictions }).partial(),
    reply: consoleKey,
    errors: ['not_found', 'not_permitted', 'request_conflict', 'reauthentication_required'],
    access: { who: 'signed_in', action: 'keys.update' },
    audit: 'key.updated',
  }),
  rotate: consoleRoute('rotateKey', {
    method: 'POST',
    path: `${path}/rotate`,
    tag,
    summary:
      'Puts a new secret in a key’s place. The old one is accepted for `graceSeconds` more, from now on or from the first use of the new one.',
    params,
    body: z.strictObject({ graceSeconds: graceSeconds.default(86_400), activate: activate.default('first_use') }),
    reply: newKey.extend({ replaced: consoleKey }),
    status: 201,
    errors: ['not_found', 'not_permitted', 'request_conflict', 'rate_limit_exceeded', 'reauthentication_required'],
    access: { who: 'signed_in', action: 'keys.rotate', isStepUp: true },
    audit: 'key.rotated',
    limit: 'key_creation',
  }),
  revoke: consoleRoute('revokeKey', {
    method: 'POST',
    path: `${path}/revoke`,
    tag,
    summary: 'Ends a key for good: once this has answered, no gateway accepts the key any more.',
    params,
    body: z.strictObject({ reason: revocationReason.default('other'), confirm: z.boolean().default(false) }),
    reply: consoleKey,
    errors: ['not_found', 'not_permitted', 'confirmation_required'],
    access: { who: 'signed_in', action: 'keys.revoke' },
    audit: 'key.revoked',
  }),
  extend: consoleRoute('extendKey', {
    method: 'POST',
    path: `${path}/extend`,
    tag,
    summary:
      'Gives a replaced key more time: until `graceSeconds` from now, but never longer than its successor. To end it now, revoke it with the reason `rotated`.',
    params,
    body: z.strictObject({ graceSeconds: extendKey.request.shape.graceSeconds }),
    reply: consoleKey,
    errors: ['not_found', 'not_permitted', 'request_conflict', 'reauthentication_required'],
    access: { who: 'signed_in', action: 'keys.rotate', isStepUp: true },
    audit: 'key.extended',
  }),
  disable: consoleRoute('disableKey', {
    method: 'POST',
    path: `${path}/disable`,
    tag,
    summary: 'Stops a key from being accepted until it is enabled again.',
    params,
    reply: consoleKey,
    errors: ['not_found', 'not_permitted', 'request_conflict'],
    access: { who: 'signed_in', action: 'keys.disable' },
    audit: 'key.disabled',
  }),
  enable: consoleRoute('enableKey', {
    method: 'POST',
    path: `${path}/enable`,
    tag,
    summary: 'Lets a disabled key be accepted again. A key whose owner has left becomes the caller’s.',
    params,
    reply: consoleKey,
    errors: ['not_found', 'not_permitted', 'request_conflict', 'reauthentication_required'],
    access: { who: 'signed_in', action: 'keys.enable', isStepUp: true },
    audit: 'key.enabled',
  }),
};
