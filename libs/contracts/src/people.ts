import { longText, MAX_ENTRIES, shortText } from './bounds.ts';
import { z } from 'zod';
import { request } from './contract.ts';
import { teamId, userId } from './ids.ts';
import { role, teamName } from './teams.ts';

/** An identity provider, to the letter as its discovery document says it. */
const issuer = z.url({ protocol: /^https?$/ }).max(2_048);
/** What an identity provider calls a person. */
const sub = z.string().regex(/^[^\p{Cc}\p{Cs}]{1,255}$/u, 'must be 1 to 255 characters');

/** Somebody's old and new name, at one identity provider and the next. */
const renaming = z.object({ from: sub, to: sub });
export type Renaming = z.output<typeof renaming>;

/** People in the order in which they first came, a page at a time; of one address, in any case, when it is given. */
export const listPeople = request('people.list', {
  askedBy: ['operator'],
  answeredBy: ['auth'],
  request: z.object({
    email: z.string().max(320).nullable().default(null),
    cursor: userId.nullable().default(null),
    limit: z.number().int().min(1).max(500).default(500),
  }),
  reply: z.object({
    people: z
      .array(
        z.object({
          id: userId,
          iss: shortText,
          sub: shortText,
          email: shortText,
          emailVerified: z.boolean(),
          name: shortText,
          lastSignedInAt: shortText.nullable(),
        }),
      )
      .max(MAX_ENTRIES),
    next: userId.nullable(),
  }),
  errors: [],
  timeoutMs: 5_000,
});

/**
 * Who is who at two identity providers, by addresses that the new one calls verified: people have to have signed in there
 * once. Addresses that several people have at either are answered apart, and move nobody.
 */
export const pairPeople = request('people.pair', {
  askedBy: ['operator'],
  answeredBy: ['auth'],
  request: z.object({
    from: issuer,
    to: issuer,
    /** Last address of the page before. */
    cursor: shortText.nullable().default(null),
    limit: z.number().int().min(1).max(500).default(500),
  }),
  reply: z.object({
    pairs: z.array(renaming.extend({ id: userId, email: shortText })).max(MAX_ENTRIES),
    ambiguous: z.array(shortText).max(MAX_ENTRIES),
    next: shortText.nullable(),
  }),
  errors: [],
  timeoutMs: 5_000,
});

/**
 * Makes people whom one identity provider has signed in those of another: same person, teams and keys under a new name.
 * Whoever has signed in at the new one already brings the teams and keys of that with them. Sessions of both end.
 * A repetition changes nothing.
 */
export const movePeople = request('people.move', {
  askedBy: ['operator'],
  answeredBy: ['auth'],
  request: z.object({ from: issuer, to: issuer, people: z.array(renaming).min(1).max(20) }),
  reply: z.object({
    people: z
      .array(
        renaming.extend({
          /** `already`: nobody has the old name, and somebody has the new one. `unknown`: nobody has either. */
          outcome: z.enum(['moved', 'already', 'unknown']),
          id: userId.nullable(),
        }),
      )
      .max(MAX_ENTRIES),
  }),
  errors: ['invalid_request'],
  timeoutMs: 30_000,
});

/**
 * Invites somebody into a team, also as an owner: the first owner of a deployment for one. The team is made if there is none
 * of this id. Nothing is mailed: the link is told this once, for the operator to hand over. Asking again for the same team
 * and address makes the link of before worthless.
 */
export const invitePerson = request('people.invite', {
  askedBy: ['operator'],
  answeredBy: ['auth'],
  request: z.object({
    teamId,
    /** Name of the team, if it has to be made. */
    teamName: teamName.optional(),
    email: z.email().max(254),
    role: role.default('owner'),
  }),
  reply: z.object({
    id: z.uuid(),
    teamId,
    /** Whether the team was made. */
    isNewTeam: z.boolean(),
    email: shortText,
    role,
    expiresAt: shortText,
    link: longText,
  }),
  errors: ['invalid_request'],
  timeoutMs: 5_000,
});
