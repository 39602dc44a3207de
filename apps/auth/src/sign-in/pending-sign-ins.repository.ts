import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { Repository } from 'typeorm';
import { hashOf } from '../sessions/browser-secret.ts';
import { PendingSignInEntity } from './pending-sign-in.entity.ts';
import { PENDING_SECONDS } from './sign-in-cookie.ts';

/** More tabs than that nobody signs in with at once; the oldest is forgotten. */
const MAX_PER_BROWSER = 8;

export interface TakenSignIn {
  sealed: Buffer;
  createdAt: Date;
  hasExpired: boolean;
}

/** The table pending_sign_ins. */
@Injectable()
export class PendingSignInsRepository {
  constructor(@InjectRepository(PendingSignInEntity) private readonly pending: Repository<PendingSignInEntity>) {}

  async add(state: string, browserSecret: string, sealed: Buffer): Promise<void> {
    const browserHash = hashOf(browserSecret);
    await this.pending.insert({ stateHash: hashOf(state), browserHash, sealed });
    await this.pending.query(
      `DELETE FROM pending_sign_ins WHERE browser_hash = $1 AND state_hash NOT IN (
         SELECT state_hash FROM pending_sign_ins WHERE browser_hash = $1 ORDER BY created_at DESC LIMIT $2)`,
      [browserHash, MAX_PER_BROWSER],
    );
  }

  /**
   * Takes a sign-in out, so that it can be answered once; only the browser that began it can.
   * @returns undefined when there is none: never begun, begun in another browser, or answered already
   */
  async take(state: string, browserSecret: string): Promise<TakenSignIn | undefined> {
    const [[row]] = await this.pending.query<[{ sealed: Buffer; created_at: Date; has_expired: boolean }[], number]>(
      `DELETE FROM pending_sign_ins WHERE state_hash = $1 AND browser_hash = $2
       RETURNING sealed, created_at, created_at < now() - make_interval(secs => $3) AS has_expired`,
      [hashOf(state), hashOf(browserSecret), PENDING_SECONDS],
    );
    return row && { sealed: row.sealed, createdAt: row.created_at, hasExpired: row.has_expired };
  }

  /** Deletes what was never answered, but not so soon that a late answer could not be told that it is late. */
  async sweep(): Promise<void> {
    await this.pending
      .createQueryBuilder()
      .delete()
      .where(`created_at < now() - make_interval(secs => :seconds)`, { seconds: 2 * PENDING_SECONDS })
      .execute();
  }
}
