import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { OpenInvitations } from '../sign-in/sign-up.ts';

/** As the acceptance judges it: by whoever may still invite, into a team that is there. */
const INVITED = `
  SELECT EXISTS (
    SELECT FROM invitations
    JOIN teams ON teams.id = invitations.team_id AND teams.deleted_at IS NULL
    LEFT JOIN memberships AS inviter
      ON inviter.team_id = invitations.team_id AND inviter.user_id = invitations.invited_by
    WHERE lower(invitations.email) = lower($1) AND invitations.expires_at > now()
      AND ($2::bytea IS NULL OR invitations.token_digest = $2)
      AND (invitations.invited_by IS NULL OR inviter.role IN ('owner', 'admin'))) AS is_invited`;

/** The table invitations, as somebody asks who may come in. */
@Injectable()
export class InvitedAddresses extends OpenInvitations {
  async areFor(email: string, link: string | null, manager: EntityManager): Promise<boolean> {
    const digest = link === null ? null : Buffer.from(link, 'base64url');
    const [row] = await manager.query<{ is_invited: boolean }[]>(INVITED, [email, digest]);
    return row?.is_invited === true;
  }
}
