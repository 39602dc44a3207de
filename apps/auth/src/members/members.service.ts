import { Injectable } from '@nestjs/common';
import type { ConsoleReplyOf, Member, memberRoutes, teamRoutes } from '@orgn/console-api';
import { ServiceError, type Role, type UserId } from '@orgn/contracts';
import { AuditLog } from '../audit/audit-log.ts';
import { byCaller } from '../audit/by-caller.ts';
import type { ConsoleCall } from '../console/console-call.ts';
import { toPage } from '../console/to-page.ts';
import { notPermitted } from '../permissions/require-permission.ts';
import { Departures } from './departures.ts';
import { MembersRepository, type MemberRecord } from '../roster/members.repository.ts';
import { Roster } from '../roster/roster.ts';

@Injectable()
export class MembersService {
  constructor(
    private readonly members: MembersRepository,
    private readonly roster: Roster,
    private readonly departures: Departures,
    private readonly audit: AuditLog,
  ) {}

  async list(call: ConsoleCall<typeof memberRoutes.list>): Promise<ConsoleReplyOf<typeof memberRoutes.list>> {
    const { cursor, limit } = call.query;
    const rows = await this.members.list(call.membership.teamId, { cursor, limit });
    return toPage(rows, limit, { view: (row) => toMember(row, call.caller.userId), cursorOf: ({ userId }) => userId });
  }

  /** @throws ServiceError `not_permitted` to an admin who touches ownership; `request_conflict` for the only owner */
  update(call: ConsoleCall<typeof memberRoutes.update>): Promise<Member> {
    const { params, body, caller } = call;
    return this.roster.change(call, 'members.update', async ({ team, role }) => {
      const before = await this.roster.member(team.id, params.userId);
      requireOwnerFor([before.role, body.role], role);
      if (before.role === body.role) return toMember(before, caller.userId);
      if (before.role === 'owner') await this.roster.requireAnotherOwner(team.id, params.userId);
      await this.members.setRole(team.id, params.userId, body.role);
      await this.audit.record({
        ...byCaller(call),
        teamId: team.id,
        action: 'member.updated',
        object: { kind: 'member', id: params.userId },
        before: { role: before.role },
        after: { role: body.role },
      });
      return toMember({ ...before, role: body.role }, caller.userId);
    });
  }

  /** @throws ServiceError as `update`, and `confirmation_required` when nobody said what becomes of their keys */
  async remove(call: ConsoleCall<typeof memberRoutes.remove>): Promise<void> {
    const { params, query, caller } = call;
    if (params.userId === caller.userId) {
      throw new ServiceError('request_conflict', 'To take yourself out of a team, leave it.');
    }
    await this.roster.change(call, 'members.remove', async ({ team, role }) => {
      const before = await this.roster.member(team.id, params.userId);
      requireOwnerFor([before.role], role);
      const keys = await this.departures.depart({
        teamId: team.id,
        userId: params.userId,
        keys: query.keys,
        adoptBy: caller.userId,
      });
      await this.audit.record({
        ...byCaller(call),
        teamId: team.id,
        action: 'member.removed',
        object: { kind: 'member', id: params.userId },
        before: { role: before.role },
        after: { keys: query.keys ?? null, keysSettled: keys },
      });
    });
    await this.departures.signOut(params.userId);
  }

  /** @throws ServiceError `request_conflict` for the only owner, `confirmation_required` as `remove` */
  async leave(call: ConsoleCall<typeof teamRoutes.leave>): Promise<void> {
    const { caller, body } = call;
    await this.roster.change(call, 'team.leave', async ({ team, role }) => {
      if (role === 'owner') await this.roster.requireAnotherOwner(team.id, caller.userId);
      const keys = await this.departures.depart({
        teamId: team.id,
        userId: caller.userId,
        keys: body.keys,
        adoptBy: null,
      });
      await this.audit.record({
        ...byCaller(call),
        teamId: team.id,
        action: 'member.left',
        object: { kind: 'member', id: caller.userId },
        before: { role },
        after: { keys: body.keys ?? null, keysSettled: keys },
      });
    });
  }
}

function requireOwnerFor(roles: readonly Role[], callersRole: Role): void {
  if (callersRole === 'owner' || !roles.includes('owner')) return;
  throw notPermitted('Only an owner of the team makes, changes or removes an owner. Ask one of them.');
}

function toMember({ userId, role, joinedAt, user }: MemberRecord, you: UserId): Member {
  return {
    id: userId,
    name: user.name,
    email: user.email,
    role,
    joinedAt: joinedAt.toISOString(),
    isYou: userId === you,
  };
}
