import type { Role, TeamId, UserId } from '@orgn/contracts';

/** A team as its member sees it in a list. */
export interface TeamOfUser {
  id: TeamId;
  name: string;
  role: Role;
}

/** Which teams a person is in: asked by the sessions, answered by the teams. */
export abstract class TeamsOfUser {
  abstract of(userId: UserId): Promise<TeamOfUser[]>;
}
