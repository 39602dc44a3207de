import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { ConsoleRoute } from '@orgn/console-api';
import { ServiceError, teamId } from '@orgn/contracts';
import type { FastifyRequest } from 'fastify';
import type { RequestFacts } from '../console/console-call.ts';
import { consoleRouteOf } from '../console/console-route-of.ts';
import { MembersRepository } from './members.repository.ts';
import { requirePermission } from '../permissions/require-permission.ts';

/** Lets into a team's routes only who is in the team, and only to what their role grants. */
@Injectable()
export class MembershipGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly members: MembersRepository,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const route = consoleRouteOf(this.reflector, context);
    if (!route || !isOfTeam(route)) return true;
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const facts: RequestFacts = (request.console ??= {});
    if (!facts.caller) throw new ServiceError('not_signed_in', 'Sign in first.');
    const id = teamId.safeParse((request.params as Record<string, unknown>).teamId);
    const membership = id.success ? await this.members.find(id.data, facts.caller.userId) : null;
    if (!membership) throw new ServiceError('not_found', 'There is no such team, or you are not in it.');
    // Whether a thing is the caller's own is checked where the thing is known.
    if (route.access.action) requirePermission(membership.role, route.access.action, true);
    facts.membership = { teamId: membership.teamId, role: membership.role };
    return true;
  }
}

/** Operators are in no team that they act on. */
function isOfTeam({ path, access }: ConsoleRoute): boolean {
  return path.includes('{teamId}') && !access.isOperator;
}
