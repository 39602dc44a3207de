import { z } from 'zod';
import { request } from './contract.ts';
import { teamId } from './ids.ts';
import { displayName } from './names.ts';

/** Makes a team; asking again with the same id answers the team as it is. */
export const createTeam = request('teams.create', {
  request: z.object({ id: teamId, name: displayName(80) }),
  reply: z.object({ id: teamId, name: z.string(), createdAt: z.string() }),
  errors: ['invalid_request'],
  timeoutMs: 5_000,
});
