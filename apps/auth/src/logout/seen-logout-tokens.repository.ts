import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { EntityManager, Repository } from 'typeorm';
import { hashOf } from '../sessions/browser-secret.ts';
import { MAX_LOGOUT_TOKEN_SECONDS } from './logout-tokens.client.ts';
import { SeenLogoutTokenEntity } from './seen-logout-token.entity.ts';

/** The table seen_logout_tokens. */
@Injectable()
export class SeenLogoutTokensRepository {
  constructor(@InjectRepository(SeenLogoutTokenEntity) private readonly seen: Repository<SeenLogoutTokenEntity>) {}

  /** Notes a token; answers whether it is seen for the first time. */
  async note(iss: string, jti: string, manager: EntityManager): Promise<boolean> {
    const added = await manager
      .createQueryBuilder()
      .insert()
      .into(SeenLogoutTokenEntity)
      .values({ jtiHash: hashOf(JSON.stringify([iss, jti])), seenAt: () => 'now()' })
      .orIgnore()
      .returning('jti_hash')
      .execute();
    return (added.raw as unknown[]).length === 1;
  }

  /** Forgets tokens that are too old to be valid anyway. */
  async sweep(): Promise<void> {
    await this.seen
      .createQueryBuilder()
      .delete()
      .where('seen_at < now() - make_interval(secs => :seconds)', { seconds: 2 * MAX_LOGOUT_TOKEN_SECONDS })
      .execute();
  }
}
