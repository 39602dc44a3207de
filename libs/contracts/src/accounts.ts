import { z } from 'zod';
import { MAX_ENTRIES, shortText } from './bounds.ts';
import { boundedRecord } from './bounded-record.ts';
import { clientContext } from './client-context.ts';
import { request } from './contract.ts';
import { teamId, userId } from './ids.ts';
import { keyView } from './keys/key-view.ts';
import { role } from './teams.ts';

const count = z.number().int().nonnegative();
const moment = shortText;
/** Keys that are told at most, the newest first: a message on the bus has an end. */
export const TOLD_KEYS = 500;

/** What this deployment holds of a person, beside the log of what they did. */
export const personalData = z.object({
  user: z.object({
    id: userId,
    iss: shortText,
    sub: shortText,
    email: shortText,
    emailVerified: z.boolean(),
    name: shortText,
    createdAt: moment,
    lastSignedInAt: moment.nullable(),
  }),
  sessions: z
    .array(z.object({ id: shortText, createdAt: moment, lastSeenAt: moment, client: clientContext }))
    .max(MAX_ENTRIES),
  teams: z.array(z.object({ id: teamId, name: shortText, role, joinedAt: moment })).max(MAX_ENTRIES),
  /** Keys that they own, never their secrets. */
  keys: z.array(keyView).max(TOLD_KEYS),
  /** Invitations that they sent and nobody has accepted yet. */
  invitations: z
    .array(z.object({ id: z.uuid(), teamId, email: shortText, role, createdAt: moment, expiresAt: moment }))
    .max(MAX_ENTRIES),
  /** What requests under their keys came to in the last 400 days, by team. */
  usage: z
    .array(
      z.object({
        teamId,
        requests: count,
        promptTokens: count,
        completionTokens: count,
        costNanoUsd: z.number().int(),
      }),
    )
    .max(MAX_ENTRIES),
});
export type PersonalData = z.output<typeof personalData>;

/** What somebody did here, or what was done to them. */
export const personalEntry = z.object({
  id: z.uuid(),
  at: moment,
  teamId: teamId.nullable(),
  action: shortText,
  object: z.object({ kind: shortText, id: shortText }),
  before: boundedRecord(shortText, z.unknown(), 1_024).nullable(),
  after: boundedRecord(shortText, z.unknown(), 1_024).nullable(),
  client: clientContext.nullable(),
});
export type PersonalEntry = z.output<typeof personalEntry>;

/** Everything that is held of a person, for them; entries of the log a page at a time, newest first. `cursor` is the last one before. */
export const exportPerson = request('people.export', {
  askedBy: ['operator'],
  answeredBy: ['auth'],
  request: z.object({ id: userId, cursor: z.uuid().nullable().default(null) }),
  reply: z.object({ data: personalData, entries: z.array(personalEntry).max(100), next: z.uuid().nullable() }),
  errors: ['not_found'],
  timeoutMs: 15_000,
});

/** What becomes of the keys that somebody owns in teams which go on without them. */
export const keysLeftBehind = z.enum(['suspend', 'revoke']);

/**
 * Forgets a person: their name, address, identity and sessions; their id stays where it stands in logs and usage. Teams in which
 * they are alone end with them. The only owner of any other team hands it over first.
 */
export const deletePerson = request('people.delete', {
  askedBy: ['operator'],
  answeredBy: ['auth'],
  request: z.object({
    id: userId,
    keys: keysLeftBehind.nullable().default(null),
    isConfirmed: z.boolean().default(false),
  }),
  reply: z.object({ id: userId, teamsLeft: count, teamsEnded: count, keysSettled: count }),
  errors: ['not_found', 'request_conflict', 'confirmation_required'],
  timeoutMs: 30_000,
});
