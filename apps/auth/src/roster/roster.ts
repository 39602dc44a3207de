import { Injectable } from '@nestjs/common';
import type { TeamAction } from '@orgn/console-api';
import { ServiceError, type Role, type TeamId, type UserId } from '@orgn/contracts';
import type { Membership, SignedIn } from '../console/console-call.ts';
import { AuthDatabase } from '../database/auth-database.ts';
import { requirePermission } from '../permissions/require-permission.ts';
import type { TeamEntity } from './team.entity.ts';
import { TeamsRepository } from './teams.repository.ts';
import { MembersRepository, type MemberRecord } from './members.repository.ts';

/** What holds while a roster is being changed. */
export interface Locked {
  team: TeamEntity;
  /** The caller's, as it is now. */
  role: Role;
}

/** Who is in a team, changed by one person at a time. */
@Injectable()
export class Roster {
  constructor(
    private readonly database: AuthDatabase,
    private readonly teams: TeamsRepository,
    private readonly members: MembersRepository,
  ) {}

  /**
   * Runs `work` in a transaction in which nobody else changes the team or who is in it. The caller's role is judged again
   * in there: it may have changed since the request came in.
   * @throws ServiceError `not_found` when the caller is no longer in the team, `not_permitted`
   */
  change<T>(
    call: { caller: SignedIn; membership: Membership },
    action: TeamAction,
    work: (locked: Locked) => Promise<T>,
  ): Promise<T> {
    return this.database.patientTransaction(async () => {
      const { teamId } = call.membership;
      const team = await this.teams.lock(teamId);
      const { role } = await this.member(teamId, call.caller.userId);
      requirePermission(role, action, true);
      return work({ team, role });
    });
  }

  /**
   * Runs `work` in a transaction in which the caller stays in the team with the role they have. Unlike `change`, any number
   * of members may do so at once.
   * @throws ServiceError `not_found` when the caller is no longer in the team, `not_permitted`
   */
  hold<T>(
    call: { caller: SignedIn; membership: Membership },
    action: TeamAction,
    work: (held: Locked) => Promise<T>,
  ): Promise<T> {
    return this.database.patientTransaction(async () => {
      const { teamId } = call.membership;
      const membership = await this.members.find(teamId, call.caller.userId, 'keep');
      const team = membership && (await this.teams.find(teamId));
      if (!team) throw new ServiceError('not_found', 'There is no such team, or you are not in it.');
      requirePermission(membership.role, action, true);
      return work({ team, role: membership.role });
    });
  }

  /** Runs `work`, which puts somebody into the team, in a transaction in which nobody else changes who is in it. */
  join<T>(teamId: TeamId, work: () => Promise<T>): Promise<T> {
    return this.database.patientTransaction(async () => {
      await this.teams.lock(teamId);
      return work();
    });
  }

  /** @returns false when they are in it already, which changes nothing */
  add(teamId: TeamId, userId: UserId, role: Role): Promise<boolean> {
    return this.members.add(teamId, userId, role);
  }

  /** Puts somebody into the team with this role, or gives it to them if they are in it. */
  async place(teamId: TeamId, userId: UserId, role: Role): Promise<void> {
    if (!(await this.members.add(teamId, userId, role))) await this.members.setRole(teamId, userId, role);
  }

  find(teamId: TeamId, userId: UserId): Promise<MemberRecord | null> {
    return this.members.find(teamId, userId);
  }

  /** @throws ServiceError `not_found` */
  async member(teamId: TeamId, userId: UserId): Promise<MemberRecord> {
    const member = await this.members.find(teamId, userId);
    if (member) return member;
    throw new ServiceError('not_found', 'There is no such member in this team.');
  }

  /** How many others are in a team, and how many of them own it; nobody changes that until the transaction ends. */
  async lockOthers(teamId: TeamId, userId: UserId): Promise<{ others: number; owners: number }> {
    await this.teams.lock(teamId);
    const members = (await this.members.list(teamId, { limit: 1 })).filter((member) => member.userId !== userId);
    const owners = (await this.members.owners(teamId)).filter((owner) => owner.userId !== userId);
    return { others: members.length, owners: owners.length };
  }

  /** @throws ServiceError `request_conflict` when this is the team's only owner */
  async requireAnotherOwner(teamId: TeamId, userId: UserId): Promise<void> {
    const owners = await this.members.owners(teamId);
    if (owners.some((owner) => owner.userId !== userId)) return;
    throw new ServiceError(
      'request_conflict',
      'A team has at least one owner, and this is the only one. Make somebody else an owner first, or delete the team.',
    );
  }

  /** @throws ServiceError `request_conflict` when somebody with this address is in the team */
  async requireNoAddress(teamId: TeamId, email: string): Promise<void> {
    if (!(await this.members.hasAddress(teamId, email))) return;
    throw new ServiceError('request_conflict', 'Somebody with this address is in the team already.', {
      param: 'email',
    });
  }

  /** Makes somebody else an owner in the place of one who becomes an admin. */
  async handOver(teamId: TeamId, from: UserId, to: UserId): Promise<void> {
    await this.members.setRole(teamId, to, 'owner');
    await this.members.setRole(teamId, from, 'admin');
  }
}
