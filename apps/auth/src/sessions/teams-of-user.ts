import type { Role, TeamId, UserId } from '@orgn/contracts';

/** A team as its member sees it in a list. */
export interface TeamOfUser {
  id: TeamId;
  name: string;
  role: Role;
}

/** Which teams a person is in: asked by the sessions, answered by the teams. */
export abstract class TeamsOfUser {
  /** In the order in which the person came into them: where somebody put them stands before the team that they got by signing in. */
  abstract of(userId: UserId): Promise<TeamOfUser[]>;
}
