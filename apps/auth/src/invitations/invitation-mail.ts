import { Injectable } from '@nestjs/common';
import type { SentInvitation } from '@orgn/console-api';
import { ServiceLog } from '@orgn/service-kit';
import { AuthConfig } from '../config.ts';
import { plainName } from '../mail/plain-name.ts';
import { Postman } from '../mail/mail.ts';
import { toInvitationLink } from './invitation-token.ts';
import { toInvitation } from './invitation-view.ts';
import type { InvitationRecord } from './invitations.repository.ts';

/** Nothing that anybody has chosen: a subject is read by people who have not opened the mail. */
const SUBJECT = 'You are invited to a team on ORGN Gateway';

/** Brings an invitation to the person who is invited. */
@Injectable()
export class InvitationMail {
  constructor(
    private readonly postman: Postman,
    private readonly config: AuthConfig,
    private readonly log: ServiceLog,
  ) {}

  /** A mail that could not be sent undoes nothing: the answer says so, and the invitation can be sent again. */
  async send(invitation: InvitationRecord, teamName: string, token: string): Promise<SentInvitation> {
    const link = toInvitationLink(this.config.CONSOLE_URL, token);
    const text = [
      `${plainName(invitation.inviter?.name ?? 'The operator')} invites you to the team "${plainName(teamName)}" on ORGN Gateway.`,
      `To join, open this link within seven days and sign in with this e-mail address:\n${link}`,
      'If you did not expect this, do nothing.',
    ].join('\n\n');
    const isMailed = await this.#deliver({ to: invitation.email, subject: SUBJECT, text });
    return { ...toInvitation(invitation), isMailed, link: this.postman.isReal ? null : link };
  }

  async #deliver(mail: Parameters<Postman['send']>[0]): Promise<boolean> {
    try {
      await this.postman.send(mail);
      return this.postman.isReal;
    } catch (error) {
      this.log.error('invitation could not be mailed', error);
      return false;
    }
  }
}
