import { Injectable } from '@nestjs/common';
import type { UserId } from '@orgn/contracts';
import { AuthDatabase } from '../database/auth-database.ts';
import { FORGOTTEN, RETIRED } from '../users/nobody.ts';
import { UserEntity } from '../users/user.entity.ts';

/** An address that people of two issuers have, in lower case. */
export interface SharedAddress {
  email: string;
  /** How many pairs have it; the rest is of one of them. */
  people: number;
  id: UserId;
  oldSub: string;
  newSub: string;
}

const SHARE_ADDRESS = `
  SELECT lower(old.email) AS email, count(*)::int AS people,
         min(old.id) AS id, min(old.sub) AS "oldSub", min(new.sub) AS "newSub"
  FROM users old JOIN users new ON lower(new.email) = lower(old.email)
  WHERE old.iss = $1 AND new.iss = $2 AND new.email_verified AND old.email <> '' AND lower(old.email) > $3
  GROUP BY 1 ORDER BY 1 LIMIT $4`;

/** The table users, as the operator asks of it. */
@Injectable()
export class PeopleRepository {
  constructor(private readonly database: AuthDatabase) {}

  list(options: { email: string | null; cursor: UserId | null; limit: number }): Promise<UserEntity[]> {
    return this.database.query((manager) => {
      const query = manager
        .createQueryBuilder(UserEntity, 'user')
        .where('user.iss NOT IN (:...nobody)', { nobody: [RETIRED, FORGOTTEN] });
      if (options.email !== null) query.andWhere('lower(user.email) = lower(:email)', { email: options.email });
      if (options.cursor !== null) query.andWhere('user.id > :cursor', { cursor: options.cursor });
      return query.orderBy('user.id').limit(options.limit).getMany();
    });
  }

  /** Addresses of people of `from` that `to` calls verified, in order, from the one after `cursor` on. */
  shareAddress(options: { from: string; to: string; cursor: string | null; limit: number }): Promise<SharedAddress[]> {
    const { from, to, cursor, limit } = options;
    return this.database.query((manager) => manager.query(SHARE_ADDRESS, [from, to, cursor ?? '', limit]));
  }

  /** Somebody by their identity, kept from everybody else until the transaction ends. */
  hold(iss: string, sub: string): Promise<UserEntity | null> {
    return this.database.query((manager) =>
      manager.findOne(UserEntity, { where: { iss, sub }, lock: { mode: 'pessimistic_write' } }),
    );
  }

  async rename({ id }: UserEntity, iss: string, sub: string): Promise<void> {
    await this.database.query((manager) => manager.update(UserEntity, { id }, { iss, sub }));
  }

  /** Gives somebody the identity of their newer self, with what that has said of itself, which is nobody's then. */
  async takeOver({ id }: UserEntity, newer: UserEntity): Promise<void> {
    const { iss, sub, email, isEmailVerified, name, lastSignedInAt } = newer;
    await this.database.query(async (manager) => {
      const nobody = { iss: RETIRED, sub: newer.id, email: '', isEmailVerified: false };
      await manager.update(UserEntity, { id: newer.id }, nobody);
      await manager.update(UserEntity, { id }, { iss, sub, email, isEmailVerified, name });
      if (lastSignedInAt) await manager.update(UserEntity, { id }, { lastSignedInAt });
    });
  }
}
