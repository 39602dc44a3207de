import { Injectable } from '@nestjs/common';
import { mayDo, type ConsoleReplyOf, type invitationRoutes } from '@orgn/console-api';
import { ServiceError } from '@orgn/contracts';
import { AuditLog } from '../audit/audit-log.ts';
import { byCaller } from '../audit/by-caller.ts';
import type { ConsoleCall, SignedIn } from '../console/console-call.ts';
import { Roster } from '../roster/roster.ts';
import { notPermitted } from '../permissions/require-permission.ts';
import type { InvitationEntity } from './invitation.entity.ts';
import { toTokenDigest } from './invitation-token.ts';
import { InvitationsRepository } from './invitations.repository.ts';

type AcceptCall = ConsoleCall<typeof invitationRoutes.accept>;

@Injectable()
export class AcceptanceService {
  constructor(
    private readonly invitations: InvitationsRepository,
    private readonly roster: Roster,
    private readonly audit: AuditLog,
  ) {}

  /**
   * Joins a team. The token alone is not enough: it may have been forwarded or found.
   * @throws ServiceError `not_found` for a token that is used up, revoked, expired or made up; `not_permitted` for another
   *   address, an unverified one, or when the inviter could not invite any more; `request_conflict` for members
   */
  async accept(call: AcceptCall): Promise<ConsoleReplyOf<typeof invitationRoutes.accept>> {
    const { caller, body } = call;
    const invitation = await this.invitations.findByToken(toTokenDigest(body.token));
    if (!invitation) throw unknown();
    requireAddressee(invitation, caller);
    const { id, teamId, role } = invitation;
    await this.roster.join(teamId, async () => {
      await this.#requireInviter(invitation);
      if (!(await this.invitations.end(teamId, id))) throw unknown();
      await this.#place(invitation, caller);
      const object = { kind: 'invitation', id } as const;
      const after = { member: caller.userId, role };
      await this.audit.record({ ...byCaller(call), teamId, action: 'invitation.accepted', object, after });
    });
    return { teamId, role };
  }

  /** The operator's word also gives a member another role. */
  async #place({ teamId, role, invitedBy }: InvitationEntity, { userId }: SignedIn): Promise<void> {
    if (invitedBy === null) await this.roster.place(teamId, userId, role);
    else if (!(await this.roster.add(teamId, userId, role))) {
      throw new ServiceError('request_conflict', 'You are in this team already.');
    }
  }

  /** Their role as it is now: an invitation must not outlive the right to invite. */
  async #requireInviter({ teamId, invitedBy }: InvitationEntity): Promise<void> {
    if (invitedBy === null) return;
    const inviter = await this.roster.find(teamId, invitedBy);
    if (inviter && mayDo(inviter.role, 'invitations.create', true)) return;
    throw notPermitted('Whoever invited you may not invite into this team any more. Ask for a new invitation.');
  }
}

function requireAddressee({ email }: InvitationEntity, caller: SignedIn): void {
  if (caller.email.toLowerCase() !== email.toLowerCase()) {
    throw notPermitted('This invitation is for another e-mail address. Sign in with the address it was sent to.');
  }
  if (caller.isEmailVerified) return;
  throw notPermitted(
    'Your identity provider does not say that your e-mail address is verified. Verify it there and sign in again; if it never says so, ask the operator of this site.',
  );
}

function unknown(): ServiceError {
  return new ServiceError('not_found', 'This invitation is no longer good. Ask for a new one.', { param: 'token' });
}
