import type { TeamAction, TeamDetail } from '@orgn/console-api';
import { createContext, useContext } from 'react';

/** The team that a page is about. */
export const TeamContext = createContext<TeamDetail | null>(null);

/** @throws on a page that is about no team */
export function useTeam(): TeamDetail {
  const team = useContext(TeamContext);
  if (!team) throw new Error('this page is about no team');
  return team;
}

export type { TeamAction };
