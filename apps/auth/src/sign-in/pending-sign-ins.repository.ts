import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { Repository } from 'typeorm';
import { AuthConfig } from '../config.ts';
import { hashOf } from '../sessions/browser-secret.ts';
import { PendingSignInEntity } from './pending-sign-in.entity.ts';
import { PENDING_SECONDS, REMEMBERED_SECONDS } from './sign-in-cookie.ts';

/** More tabs than that nobody signs in with at once; the oldest is forgotten. */
const MAX_PER_BROWSER = 8;

const FORGET_OLDEST = `
  DELETE FROM pending_sign_ins WHERE state_hash IN (
    SELECT state_hash FROM (
      SELECT state_hash, row_number() OVER (PARTITION BY answered_at IS NULL ORDER BY created_at DESC) AS age
      FROM pending_sign_ins WHERE browser_hash = $1) AS ours
    WHERE age > $2)`;

/** The table is over its bound by so many rows at most, for each process. */
const BOUND_EVERY = 64;

const FORGET_SURPLUS = `
  DELETE FROM pending_sign_ins WHERE state_hash IN (
    SELECT state_hash FROM pending_sign_ins
    ORDER BY (answered_at IS NULL AND created_at >= now() - make_interval(secs => $2)) DESC, created_at DESC
    OFFSET $1)`;

/** Of several answers at once, each but the first waits for the row and then finds it answered. */
const TAKE = `
  WITH asked AS (
    SELECT state_hash, answered_at FROM pending_sign_ins WHERE state_hash = $1 AND browser_hash = $2 FOR UPDATE)
  UPDATE pending_sign_ins AS pending SET answered_at = COALESCE(asked.answered_at, now())
  FROM asked WHERE pending.state_hash = asked.state_hash
  RETURNING pending.sealed, pending.created_at, asked.answered_at IS NOT NULL AS was_answered,
            pending.created_at < now() - make_interval(secs => $3) AS has_expired`;

export interface TakenSignIn {
  sealed: Buffer;
  createdAt: Date;
  /** An answer to it came before this one. */
  wasAnswered: boolean;
  hasExpired: boolean;
}

/** The table pending_sign_ins. */
@Injectable()
export class PendingSignInsRepository {
  #added = 0;

  constructor(
    @InjectRepository(PendingSignInEntity) private readonly pending: Repository<PendingSignInEntity>,
    private readonly config: AuthConfig,
  ) {}

  async add(state: string, browserSecret: string, sealed: Buffer): Promise<void> {
    const browserHash = hashOf(browserSecret);
    await this.pending.insert({ stateHash: hashOf(state), browserHash, sealed });
    await this.pending.query(FORGET_OLDEST, [browserHash, MAX_PER_BROWSER]);
    this.#added += 1;
    if (this.#added % BOUND_EVERY === 0) await this.bound();
  }

  /** Keeps the table within its bound: what can still be answered is kept longest, and of that what is newest. */
  async bound(): Promise<void> {
    await this.pending.query(FORGET_SURPLUS, [this.config.MAX_PENDING_SIGN_INS, PENDING_SECONDS]);
  }

  /**
   * Takes a sign-in, so that it can be answered once; only the browser that began it can.
   * @returns undefined when there is none: never begun, begun in another browser, or forgotten
   */
  async take(state: string, browserSecret: string): Promise<TakenSignIn | undefined> {
    const [[row]] = await this.pending.query<
      [{ sealed: Buffer; created_at: Date; was_answered: boolean; has_expired: boolean }[], number]
    >(TAKE, [hashOf(state), hashOf(browserSecret), PENDING_SECONDS]);
    if (!row) return undefined;
    const { sealed, created_at: createdAt, was_answered: wasAnswered, has_expired: hasExpired } = row;
    return { sealed, createdAt, wasAnswered, hasExpired };
  }

  /** Gives back what was taken: its answer could not be redeemed yet, and may be sent once more. */
  async giveBack(state: string): Promise<void> {
    await this.pending.update({ stateHash: hashOf(state) }, { answeredAt: null });
  }

  /** Deletes what is too old for a late answer to be told that it is late. */
  async sweep(): Promise<void> {
    await this.pending
      .createQueryBuilder()
      .delete()
      .where(`created_at < now() - make_interval(secs => :seconds)`, { seconds: REMEMBERED_SECONDS })
      .execute();
  }
}
