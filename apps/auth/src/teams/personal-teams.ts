import { Injectable } from '@nestjs/common';
import type { UserId } from '@orgn/contracts';
import type { EntityManager } from 'typeorm';
import { AuthDatabase } from '../database/auth-database.ts';
import type { TeamOfUser, TeamsOfUser } from '../sessions/teams-of-user.ts';
import type { FirstSignIn } from '../sign-in/first-sign-in.ts';
import type { UserEntity } from '../users/user.entity.ts';
import { Founding } from './founding.ts';
import { TeamsRepository } from '../roster/teams.repository.ts';

/** Most teams that a session tells of; the list of teams pages through the rest. */
const TOLD = 100;
/** A team's name has room for 80 characters. */
const NAME_LENGTH = 73;

/** Teams as signing in and sessions see them. */
@Injectable()
export class PersonalTeams implements FirstSignIn, TeamsOfUser {
  constructor(
    private readonly database: AuthDatabase,
    private readonly teams: TeamsRepository,
    private readonly founding: Founding,
  ) {}

  /** A team of their own, so that nobody has to make one before they can make a key. */
  async welcome(user: UserEntity, manager: EntityManager): Promise<void> {
    const by = { actor: { kind: 'user', id: user.id }, client: null } as const;
    await this.database.within(manager, () => this.founding.found(user.id, personalName(user.name), by));
  }

  async of(userId: UserId): Promise<TeamOfUser[]> {
    const teams = (await this.teams.listOfUser(userId, { limit: TOLD })).slice(0, TOLD);
    teams.sort((one, other) => one.joinedAt.getTime() - other.joinedAt.getTime());
    return teams.map(({ team, role }) => ({ id: team.id, name: team.name, role }));
  }
}

/** Cut between whole characters: half a surrogate pair is no text. */
function personalName(name: string): string {
  const short = [...name.trim()].slice(0, NAME_LENGTH).join('');
  return short ? `${short}'s team` : 'My team';
}
