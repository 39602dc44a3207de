import { Injectable } from '@nestjs/common';
import type { TeamId } from '@orgn/contracts';
import { v7 as uuidv7 } from 'uuid';
import { AuthDatabase } from '../database/auth-database.ts';
import type { UserEntity } from '../users/user.entity.ts';
import { InvitationEntity } from './invitation.entity.ts';

/** An invitation with the person who sent it; null: the operator. */
export type InvitationRecord = InvitationEntity & { inviter: UserEntity | null };
export type NewInvitation = Pick<InvitationEntity, 'teamId' | 'email' | 'role' | 'invitedBy' | 'tokenDigest'>;

const SEVEN_DAYS = `now() + interval '7 days'`;

/** The table invitations. Time is the database's. */
@Injectable()
export class InvitationsRepository {
  constructor(private readonly database: AuthDatabase) {}

  /** Newest first, one more than `limit` when there are more. */
  async list(teamId: TeamId, options: { cursor?: string | undefined; limit: number }): Promise<InvitationRecord[]> {
    const rows = await this.database.query((manager) => {
      const query = manager
        .createQueryBuilder(InvitationEntity, 'invitation')
        .leftJoinAndSelect('invitation.inviter', 'inviter')
        .where({ teamId })
        .orderBy('invitation.id', 'DESC')
        .limit(options.limit + 1);
      if (options.cursor) query.andWhere('invitation.id < :cursor', { cursor: options.cursor });
      return query.getMany();
    });
    return rows as InvitationRecord[];
  }

  async find(teamId: TeamId, id: string): Promise<InvitationRecord | null> {
    const found = await this.database.query((manager) =>
      manager.findOne(InvitationEntity, { where: { teamId, id }, relations: { inviter: true } }),
    );
    return found as InvitationRecord | null;
  }

  /** The invitation that a token stands for, unless it has expired. */
  findByToken(tokenDigest: Buffer): Promise<InvitationEntity | null> {
    return this.database.query((manager) =>
      manager
        .createQueryBuilder(InvitationEntity, 'invitation')
        .where('invitation.tokenDigest = :tokenDigest AND invitation.expiresAt > now()', { tokenDigest })
        .getOne(),
    );
  }

  /** @returns null when the address is invited already; an invitation that has expired is no obstacle */
  async insert(invitation: NewInvitation): Promise<InvitationRecord | null> {
    const id = uuidv7();
    await this.database.query(async (manager) => {
      await manager
        .createQueryBuilder()
        .delete()
        .from(InvitationEntity)
        .where('team_id = :teamId AND lower(email) = lower(:email) AND expires_at <= now()', invitation)
        .execute();
      const values = { id, ...invitation, expiresAt: () => SEVEN_DAYS };
      await manager.createQueryBuilder().insert().into(InvitationEntity).values(values).orIgnore().execute();
    });
    return this.find(invitation.teamId, id);
  }

  /** Gives an invitation another token and seven more days. */
  async renew(id: string, tokenDigest: Buffer): Promise<void> {
    await this.database.query((manager) =>
      manager.update(InvitationEntity, { id }, { tokenDigest, expiresAt: () => SEVEN_DAYS }),
    );
  }

  /** Ends what an address was invited to in a team, if anything. */
  async endOf(teamId: TeamId, email: string): Promise<void> {
    await this.database.query((manager) =>
      manager
        .createQueryBuilder()
        .delete()
        .from(InvitationEntity)
        .where('team_id = :teamId AND lower(email) = lower(:email)', { teamId, email })
        .execute(),
    );
  }

  /** @returns whether it was there: of several who end it at once, one succeeds */
  async end(teamId: TeamId, id: string): Promise<boolean> {
    const { affected } = await this.database.query((manager) => manager.delete(InvitationEntity, { teamId, id }));
    return affected === 1;
  }
}
