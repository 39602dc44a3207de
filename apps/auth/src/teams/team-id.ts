import { randomBytes } from 'node:crypto';
import type { TeamId } from '@orgn/contracts';

/** A new team's id: short enough to read out, and nothing that can be guessed from another one. */
export function newTeamId(): TeamId {
  return `team_${randomBytes(8).toString('hex')}` as TeamId;
}
