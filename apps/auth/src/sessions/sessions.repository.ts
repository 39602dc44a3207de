import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { UserId } from '@orgn/contracts';
import { v7 as uuidv7 } from 'uuid';
import type { EntityManager, Repository, SelectQueryBuilder } from 'typeorm';
import { AuthConfig } from '../config.ts';
import type { UserEntity } from '../users/user.entity.ts';
import { SessionEntity } from './session.entity.ts';
import { SessionGrants } from './session-grants.ts';

/**
 * A session that has neither been idle for too long nor lasted for too long, of a person whom this deployment's issuer has
 * signed in, and whose it is.
 */
export type LiveSession = SessionEntity & { user: UserEntity };
export type NewSession = Omit<SessionEntity, 'id' | 'user' | 'createdAt' | 'lastSeenAt'>;

/** Which sessions to end. */
export type SessionSelection =
  | { userId: UserId; id: string }
  | { userId: UserId; except: string | undefined }
  | { iss: string; sid: string; sub?: string }
  | { iss: string; sub: string }
  | { secretHash: Buffer };

/** The table sessions. Time is the database's: the clocks of several processes never decide who is signed in. */
@Injectable()
export class SessionsRepository {
  constructor(
    @InjectRepository(SessionEntity) private readonly sessions: Repository<SessionEntity>,
    private readonly config: AuthConfig,
    private readonly grants: SessionGrants,
  ) {}

  /** Does work whose parts stand or fall together. */
  transaction<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    return this.sessions.manager.transaction(work);
  }

  async insert(session: NewSession, manager: EntityManager): Promise<SessionEntity> {
    const id = `session_${uuidv7().replaceAll('-', '')}`;
    await manager.insert(SessionEntity, { id, ...session });
    return manager.findOneByOrFail(SessionEntity, { id });
  }

  async findLive(secretHash: Buffer): Promise<LiveSession | null> {
    return (await this.#live()
      .andWhere('session.secretHash = :secretHash', { secretHash })
      .getOne()) as LiveSession | null;
  }

  /** The live sessions of a person, newest first. */
  listLive(userId: UserId): Promise<SessionEntity[]> {
    return this.#live()
      .andWhere('session.userId = :userId', { userId })
      .orderBy('session.createdAt', 'DESC')
      .addOrderBy('session.id', 'DESC')
      .getMany();
  }

  /** Notes that a session is in use, unless that was noted within the last minute: reads must not become writes. */
  async touch(id: string): Promise<void> {
    await this.sessions
      .createQueryBuilder()
      .update()
      .set({ lastSeenAt: () => 'now()' })
      .where(`id = :id AND last_seen_at < now() - interval '1 minute'`, { id })
      .execute();
  }

  /** Ends sessions; answers which they were. They are gone when this returns. */
  async end(selection: SessionSelection, manager: EntityManager): Promise<Pick<SessionEntity, 'id' | 'userId'>[]> {
    const { except, ...equal } = { except: undefined, ...selection };
    const query = manager.createQueryBuilder().delete().from(SessionEntity).where(equal);
    if (except !== undefined) query.andWhere('id <> :except', { except });
    const deleted = await query.returning(['id', 'userId']).execute();
    const ended = (deleted.raw as { id: string; user_id: UserId }[]).map((row) => ({
      id: row.id,
      userId: row.user_id,
    }));
    await this.grants.end(ended.map(({ id }) => id));
    return ended;
  }

  /** Deletes what has ended by itself. */
  async sweep(): Promise<void> {
    await this.sessions.createQueryBuilder().delete().where(`NOT (${liveness()})`, this.#limits()).execute();
  }

  #live(): SelectQueryBuilder<SessionEntity> {
    return this.sessions
      .createQueryBuilder('session')
      .innerJoinAndSelect('session.user', 'user')
      .where(liveness('session.'), this.#limits());
  }

  #limits() {
    const { SESSION_IDLE_SECONDS: idle, SESSION_ABSOLUTE_SECONDS: absolute, OIDC_ISSUER: issuer } = this.config;
    return { idle, absolute, issuer };
  }
}

function liveness(alias = ''): string {
  const since = (column: string, limit: string) => `${alias}${column} > now() - make_interval(secs => :${limit})`;
  // What another issuer once said could never be taken back by this one: neither its logout tokens nor its step-up count.
  return `${since('last_seen_at', 'idle')} AND ${since('created_at', 'absolute')} AND ${alias}iss = :issuer`;
}
