import { MAX_ENTRIES, shortText } from './bounds.ts';
import { z } from 'zod';
import { broadcast, request } from './contract.ts';
import { teamId } from './ids.ts';
import { displayName } from './names.ts';

/** What a person may do in a team; see the permission table. */
export const role = z.enum(['owner', 'admin', 'member', 'viewer']);
export type Role = z.output<typeof role>;

export const teamName = displayName(80);

const operatorsTeam = z.object({
  id: teamId,
  name: shortText,
  standing: z.enum(['active', 'suspended']),
  suspensionReason: shortText.nullable(),
  createdAt: shortText,
});

/** Makes a team; asking again with the same id answers the team as it is. */
export const createTeam = request('teams.create', {
  askedBy: ['operator'],
  answeredBy: ['auth'],
  request: z.object({ id: teamId, name: teamName }),
  reply: z.object({ id: teamId, name: shortText, createdAt: shortText }),
  errors: ['invalid_request'],
  timeoutMs: 5_000,
});

/** A team has ended: what is kept of it elsewhere goes. Those who miss it ask `teams.gone`. */
export const teamDeleted = broadcast('broadcast.teams.deleted', {
  saidBy: ['auth'],
  heardBy: ['inference-router'],
  payload: z.object({ teamId }),
});

/** Which of these teams have been deleted. */
export const listGoneTeams = request('teams.gone', {
  askedBy: ['inference-router'],
  answeredBy: ['auth'],
  request: z.object({ teamIds: z.array(teamId).max(500) }),
  reply: z.object({ gone: z.array(teamId).max(500) }),
  errors: [],
  timeoutMs: 5_000,
});

/** Puts somebody who can sign in at the deployment's identity provider into a team; repeating it sets the role. */
export const enrolMember = request('teams.enrol', {
  askedBy: ['operator'],
  answeredBy: ['auth'],
  request: z.object({
    teamId,
    sub: z.string().min(1).max(255),
    email: z.email().max(320),
    name: displayName(80),
    role,
  }),
  reply: z.object({}),
  errors: ['team_not_found'],
  timeoutMs: 5_000,
});

/** All teams that are not deleted, newest first. `cursor` is the last team of the page before. */
export const listTeams = request('teams.list', {
  askedBy: ['operator', 'auth'],
  answeredBy: ['auth'],
  request: z.object({ cursor: teamId.nullable().default(null), limit: z.number().int().min(1).max(500).default(500) }),
  reply: z.object({ teams: z.array(operatorsTeam).max(MAX_ENTRIES), next: teamId.nullable() }),
  errors: [],
  timeoutMs: 5_000,
});

/** The operator's brake: no key of a suspended team is accepted anywhere once the reply has arrived. */
export const suspendTeam = request('teams.suspend', {
  askedBy: ['operator', 'auth'],
  answeredBy: ['auth'],
  request: z.object({ teamId, reason: displayName(200) }),
  reply: operatorsTeam,
  errors: ['team_not_found'],
  timeoutMs: 8_000,
});

/** Stops a team that owes what somebody took back from it: until an operator resumes it. */
export const suspendDebtor = request('debtors.suspend', {
  askedBy: ['usage-metering'],
  answeredBy: ['auth'],
  request: z.object({ teamId, reason: displayName(200) }),
  reply: operatorsTeam,
  errors: ['team_not_found'],
  timeoutMs: 8_000,
});

/** Ends a suspension. */
export const resumeTeam = request('teams.resume', {
  askedBy: ['operator', 'auth'],
  answeredBy: ['auth'],
  request: z.object({ teamId }),
  reply: operatorsTeam,
  errors: ['team_not_found'],
  timeoutMs: 8_000,
});
