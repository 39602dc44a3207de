import { kept } from '../ui/kept.ts';
import type { Session } from './session.ts';

export type TeamOfSession = Session['teams'][number];

/** The team that a page shows: the one in its address, else the last one that was shown, else the first. */
export function currentTeam({ teams }: Session, teamId?: string): TeamOfSession | undefined {
  const wanted = teamId ?? kept('team');
  return teams.find(({ id }) => id === wanted) ?? teams[0];
}
