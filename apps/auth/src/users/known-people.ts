import { Injectable } from '@nestjs/common';
import { AuthDatabase } from '../database/auth-database.ts';
import { newUserId } from './user-id.ts';
import { UserEntity } from './user.entity.ts';

/** People whom somebody else has spoken of. */
@Injectable()
export class KnownPeople {
  constructor(private readonly database: AuthDatabase) {}

  /**
   * The person of this identity, made known if they are new. What they said of themselves when they signed in is never
   * overwritten, and an address that somebody else has given is not a verified one.
   */
  known(identity: Pick<UserEntity, 'iss' | 'sub' | 'email' | 'name'>): Promise<UserEntity> {
    return this.database.query(async (manager) => {
      const values = { id: newUserId(), ...identity, isEmailVerified: false };
      await manager.createQueryBuilder().insert().into(UserEntity).values(values).orIgnore().execute();
      return manager.findOneByOrFail(UserEntity, { iss: identity.iss, sub: identity.sub });
    });
  }
}
