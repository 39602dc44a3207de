import {
  ServiceError,
  type KeyId,
  type KeyRestrictions,
  type KeyView,
  type TeamId,
  type TeamStanding,
  type UserId,
} from '@orgn/contracts';
import { In, Not, Raw, type EntityManager, type FindOptionsWhere } from 'typeorm';
import { TeamStandingEntity } from './team-standing.entity.ts';
import type { KeyRecord } from './key-view.ts';
import { KeyEntity, NOW } from './key.entity.ts';

/** What makes a key; the database adds the rest. */
export type NewKey = KeyRestrictions &
  Pick<KeyEntity, 'id' | 'digest' | 'digestKid' | 'name' | 'hint' | 'expiresAt' | 'createdBy' | 'ownerId'> &
  Pick<KeyEntity, 'lineageId' | 'generation' | 'replaces'>;

type Editable = Pick<KeyEntity, 'name' | 'expiresAt'> & KeyRestrictions;

/** What may be changed of a key; what is absent stays. */
export type KeyEdit = { [K in keyof Editable]?: Editable[K] | undefined };

/** What belongs to a whole lineage. */
export type LineageLimit = 'budgets' | 'softBudgets' | 'rpm' | 'tpm' | 'concurrency';

/** When a replaced key ends: in `untilSeconds`, or `graceSeconds` after the first use of a later one if that is sooner. */
export interface Ending {
  untilSeconds: number;
  graceSeconds: number | null;
}

/** Columns and what to write in them; a function gives SQL. */
type Writes = Parameters<EntityManager['update']>[2];

const now = () => NOW;

/**
 * The keys of one team, inside a transaction that holds the team's lock. Rows are locked in the order of their ids, as
 * everywhere: those who write several at the same time then wait instead of deadlocking.
 */
export class TeamKeys {
  constructor(
    readonly teamId: TeamId,
    private readonly manager: EntityManager,
  ) {}

  /** @throws ServiceError `not_found` for another team's key as for none */
  async hold(id: KeyId): Promise<KeyRecord> {
    const [key] = await this.#hold({ id });
    if (!key) throw new ServiceError('not_found', 'There is no key with this id.', { param: 'id' });
    return key;
  }

  /** Every key that is not revoked. */
  holdUnrevoked(): Promise<KeyRecord[]> {
    return this.#hold({ state: Not('revoked') });
  }

  /** The keys of a person that have not ended. */
  holdOwnedBy(ownerId: UserId): Promise<KeyRecord[]> {
    return this.#hold({ ownerId, state: Not(In(['revoked', 'expired'])) });
  }

  /**
   * Whether another active key has the name, in whatever case and compatible form (NFKC: `ｃｉ` and `ci`). Keys that ended or
   * were replaced have given theirs up.
   */
  isNameTaken(name: string, except?: KeyId): Promise<boolean> {
    const isSame = Raw((column) => `lower(normalize(${column}, NFKC)) = lower(normalize(:name, NFKC))`, { name });
    const others = except === undefined ? {} : { id: Not(except) };
    const isHeld = { state: Not(In(['revoked', 'expired'])), replacedBy: Raw((column) => `${column} IS NULL`) };
    return this.manager.existsBy(KeyEntity, { teamId: this.teamId, name: isSame, ...isHeld, ...others });
  }

  /**
   * Whether callers depend on this key: it, or one that it replaced and that is still accepted, was used within a day, and
   * the team has no other active key. A replaced key is none: it is about to end.
   */
  async isLastInUse({ id, lineageId }: KeyRecord): Promise<boolean> {
    const { teamId } = this;
    const isRecent = Raw((column) => `${column} > ${NOW} - interval '24 hours'`);
    const isUsed = await this.manager.existsBy(KeyEntity, [
      { teamId, id, state: In(['active', 'rotating']), lastUsedAt: isRecent },
      { teamId, lineageId, state: 'rotating', lastUsedAt: isRecent },
    ]);
    return isUsed && !(await this.manager.existsBy(KeyEntity, { teamId, state: 'active', id: Not(id) }));
  }

  async isAhead(time: Date): Promise<boolean> {
    const [row] = await this.manager.query<{ ahead: boolean }[]>(`SELECT $1::timestamptz > ${NOW} AS ahead`, [time]);
    return row?.ahead === true;
  }

  /** @throws ServiceError `request_conflict` for a known digest, `invalid_request` for an expiry in the past */
  async insert(key: NewKey): Promise<KeyRecord> {
    await this.manager.insert(KeyEntity, { ...key, teamId: this.teamId });
    return this.manager.findOneByOrFail(KeyEntity, { id: key.id });
  }

  /** Ends keys that are not revoked yet. Each change answers the keys as they are then, in the order of their ids. */
  revoke(ids: KeyId[], reason: NonNullable<KeyView['revocationReason']>): Promise<KeyRecord[]> {
    return this.#write(ids, { revokedAt: now, revocationReason: reason });
  }

  disable(id: KeyId): Promise<KeyRecord[]> {
    return this.#write([id], { disabledAt: now });
  }

  /** Takes back every reversible refusal. */
  enable(id: KeyId, ownerId: UserId | null): Promise<KeyRecord[]> {
    return this.#write([id], { disabledAt: null, suspendedAt: null, ownerId });
  }

  suspend(ids: KeyId[]): Promise<KeyRecord[]> {
    return this.#write(ids, { suspendedAt: now });
  }

  adopt(ids: KeyId[], ownerId: UserId | null): Promise<KeyRecord[]> {
    return this.#write(ids, { suspendedAt: null, ownerId });
  }

  edit(id: KeyId, edit: KeyEdit): Promise<KeyRecord[]> {
    return this.#write([id], edit);
  }

  /** What is the lineage's changes for all of its keys that have not ended. */
  async limitLineage(lineageId: KeyId, limits: Pick<KeyEdit, LineageLimit>): Promise<void> {
    const keys = await this.#hold({ lineageId, state: Not(In(['revoked', 'expired'])) });
    await this.#write(
      keys.map(({ id }) => id),
      limits,
    );
  }

  /** Ends a key for the sake of its successor, never later than it would have ended by itself. */
  replace(id: KeyId, replacedBy: KeyId, { untilSeconds, graceSeconds }: Ending): Promise<KeyRecord[]> {
    const end = () => `LEAST(expires_at, ${NOW} + make_interval(secs => ${untilSeconds}))`;
    return this.#write([id], { replacedBy, graceSeconds, expiresAt: end });
  }

  /**
   * Gives a replaced key more time, but never more than its successor has. Where the first use of the successor is awaited,
   * the time counts from that.
   */
  extend({ id, graceSeconds }: KeyRecord, seconds: number): Promise<KeyRecord[]> {
    if (graceSeconds !== null) return this.#write([id], { graceSeconds: Math.max(graceSeconds, seconds) });
    const heir = `(SELECT h.expires_at FROM api_keys h WHERE h.id = api_keys.replaced_by)`;
    const end = () => `LEAST(${heir}, GREATEST(expires_at, ${NOW} + make_interval(secs => ${seconds})))`;
    return this.#write([id], { expiresAt: end });
  }

  async standing(): Promise<TeamStanding> {
    const row = await this.manager.findOneBy(TeamStandingEntity, { teamId: this.teamId });
    return row?.standing ?? 'active';
  }

  async stand(standing: TeamStanding): Promise<void> {
    const row = { teamId: this.teamId, standing, changedAt: now };
    await this.manager.upsert(TeamStandingEntity, row, ['teamId']);
  }

  #hold(where: FindOptionsWhere<KeyEntity>): Promise<KeyRecord[]> {
    const lock = { mode: 'for_no_key_update' } as const;
    return this.manager.find(KeyEntity, { where: { ...where, teamId: this.teamId }, order: { id: 'ASC' }, lock });
  }

  async #write(ids: KeyId[], writes: Writes): Promise<KeyRecord[]> {
    if (ids.length === 0) return [];
    await this.manager.update(KeyEntity, { id: In(ids), teamId: this.teamId }, writes);
    return this.manager.find(KeyEntity, { where: { id: In(ids) }, order: { id: 'ASC' } });
  }
}
