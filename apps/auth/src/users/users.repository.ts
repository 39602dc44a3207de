import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { UserId } from '@orgn/contracts';
import { In, type EntityManager, type Repository } from 'typeorm';
import { newUserId } from './user-id.ts';
import { UserEntity } from './user.entity.ts';

/** What an identity provider says of a person. */
export type Identity = Pick<UserEntity, 'iss' | 'sub' | 'email' | 'isEmailVerified' | 'name'>;

/** The table users. */
@Injectable()
export class UsersRepository {
  constructor(@InjectRepository(UserEntity) private readonly users: Repository<UserEntity>) {}

  find(id: UserId): Promise<UserEntity | null> {
    return this.users.findOneBy({ id });
  }

  findAll(ids: readonly UserId[]): Promise<UserEntity[]> {
    return this.users.findBy({ id: In([...ids]) });
  }

  /**
   * Writes down who this is, under the id they already have or a new one.
   * @param options.isSignIn the person is here, so this is their last sign-in; else they are only made known
   * @param options.manager the transaction to do it in
   */
  async upsert(identity: Identity, options: { isSignIn: boolean; manager?: EntityManager }): Promise<UserEntity> {
    const users = options.manager?.getRepository(UserEntity) ?? this.users;
    await users
      .createQueryBuilder()
      .insert()
      .values({ id: newUserId(), ...identity, ...(options.isSignIn && { lastSignedInAt: () => 'now()' }) })
      .orUpdate(['email', 'email_verified', 'name', ...(options.isSignIn ? ['last_signed_in_at'] : [])], ['iss', 'sub'])
      .execute();
    return users.findOneByOrFail({ iss: identity.iss, sub: identity.sub });
  }
}
