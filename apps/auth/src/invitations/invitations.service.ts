import { Injectable } from '@nestjs/common';
import type { ConsoleReplyOf, invitationRoutes, SentInvitation } from '@orgn/console-api';
import { ServiceError, type TeamId } from '@orgn/contracts';
import { AuditLog } from '../audit/audit-log.ts';
import { byCaller } from '../audit/by-caller.ts';
import type { ConsoleCall } from '../console/console-call.ts';
import { toPage } from '../console/to-page.ts';
import { notPermitted } from '../permissions/require-permission.ts';
import { InvitingLicense } from './inviting-license.ts';
import { InvitationMail } from './invitation-mail.ts';
import { newInvitationToken, toTokenDigest } from './invitation-token.ts';
import { toInvitation } from './invitation-view.ts';
import { InvitationsRepository, type InvitationRecord } from './invitations.repository.ts';

type Routes = typeof invitationRoutes;

@Injectable()
export class InvitationsService {
  constructor(
    private readonly invitations: InvitationsRepository,
    private readonly license: InvitingLicense,
    private readonly mail: InvitationMail,
    private readonly audit: AuditLog,
  ) {}

  async list({ membership, query }: ConsoleCall<Routes['list']>): Promise<ConsoleReplyOf<Routes['list']>> {
    const { cursor, limit } = query;
    const rows = await this.invitations.list(membership.teamId, { cursor, limit });
    return toPage(rows, limit, { view: toInvitation, cursorOf: ({ id }) => id });
  }

  /** @throws ServiceError `request_conflict` when the address is in the team or invited already */
  async create(call: ConsoleCall<Routes['create']>): Promise<SentInvitation> {
    const { email, role } = call.body;
    const token = newInvitationToken();
    const made = await this.license.use(call, async ({ team }) => {
      await this.license.roster.requireNoAddress(team.id, email);
      const invitedBy = call.caller.userId;
      const tokenDigest = toTokenDigest(token);
      const invitation = await this.invitations.insert({ teamId: team.id, email, role, invitedBy, tokenDigest });
      if (!invitation) throw conflict('This address is invited already. Send that invitation again, or revoke it.');
      await this.#record(call, 'invitation.created', invitation.id, { after: { email, role } });
      return { invitation, teamName: team.name };
    });
    return this.mail.send(made.invitation, made.teamName, token);
  }

  /** @throws ServiceError `not_found`, `not_permitted` for an invitation that is not the team's own */
  async resend(call: ConsoleCall<Routes['resend']>): Promise<SentInvitation> {
    const token = newInvitationToken();
    const made = await this.license.use(call, async ({ team }) => {
      const { id, invitedBy } = await this.#require(team.id, call.params.invitationId);
      if (invitedBy === null) throw notPermitted('The operator has sent this invitation. Ask them to send it again.');
      await this.invitations.renew(id, toTokenDigest(token));
      const invitation = await this.#require(team.id, id);
      const expiresAt = invitation.expiresAt.toISOString();
      await this.#record(call, 'invitation.resent', id, { after: { expiresAt } });
      return { invitation, teamName: team.name };
    });
    return this.mail.send(made.invitation, made.teamName, token);
  }

  /** @throws ServiceError `not_found`, `not_permitted` when somebody is to become an owner and the caller is none */
  async revoke(call: ConsoleCall<Routes['revoke']>): Promise<void> {
    await this.license.roster.hold(call, 'invitations.revoke', async ({ team, role: own }) => {
      const { id, email, role } = await this.#require(team.id, call.params.invitationId);
      if (role === 'owner' && own !== 'owner') throw notPermitted('Only owners take the invitation of an owner back.');
      if (!(await this.invitations.end(team.id, id))) throw notFound();
      await this.#record(call, 'invitation.revoked', id, { before: { email, role } });
    });
  }

  async #require(teamId: TeamId, id: string): Promise<InvitationRecord> {
    const invitation = await this.invitations.find(teamId, id);
    if (!invitation) throw notFound();
    return invitation;
  }

  #record(
    call: ConsoleCall<Routes['create' | 'resend' | 'revoke']>,
    action: string,
    id: string,
    fields: { before?: object; after?: object },
  ): Promise<void> {
    const object = { kind: 'invitation', id } as const;
    return this.audit.record({ ...byCaller(call), teamId: call.membership.teamId, action, object, ...fields });
  }
}

function notFound(): ServiceError {
  return new ServiceError('not_found', 'There is no such invitation: it may have been accepted or revoked.');
}

function conflict(message: string): ServiceError {
  return new ServiceError('request_conflict', message, { param: 'email' });
}
