import { Injectable } from '@nestjs/common';
import {
  keysChanged,
  ServiceError,
  type disableKey,
  type enableKey,
  type findKeys,
  type getKey,
  type KeyChange,
  type KeyId,
  type KeyView,
  type listKeys,
  type listOwnedKeys,
  type registerKey,
  type ReplyOf,
  type RequestOf,
  type tellOwners,
  type updateKey,
} from '@orgn/contracts';
import { Bus } from '@orgn/service-kit';
import { KeyRegistryConfig } from '../config.ts';
import { toStoredDigest } from './key-digest.ts';
import { newKeyId } from './key-id.ts';
import { toPage } from './key-page.ts';
import { toKeyChange, toKeyView, type KeyRecord } from './key-view.ts';
import { KeysDatabase } from './keys.database.ts';
import { KeysRepository } from './keys.repository.ts';
import type { KeyEdit, TeamKeys } from './team-keys.ts';

/** Makes keys known, shows them and changes them. What it answers is committed. */
@Injectable()
export class KeysService {
  constructor(
    private readonly keys: KeysRepository,
    private readonly database: KeysDatabase,
    private readonly config: KeyRegistryConfig,
    private readonly bus: Bus,
  ) {}

  /**
   * @throws ServiceError `request_conflict` for a known digest, a name in use or a closed team, `invalid_request` for a
   * past expiry
   */
  async register(request: RequestOf<typeof registerKey>): Promise<KeyView> {
    const { digest, expiresAt, teamId, ...settings } = request;
    const id = newKeyId();
    const { digest: stored, kid } = toStoredDigest(this.config.KEY_PEPPERS[0], digest);
    const origin = { lineageId: id, generation: 0, replaces: null, ownerId: request.createdBy };
    const key = await this.database.change(teamId, async (keys) => {
      if ((await keys.standing()) === 'closed') throw new ServiceError('request_conflict', 'The team is closed.');
      await requireFreeName(keys, request.name);
      return keys.insert({ ...settings, ...origin, id, digest: stored, digestKid: kid, expiresAt: toTime(expiresAt) });
    });
    return toKeyView(key);
  }

  /** A page of a team's keys, newest first, ended ones included. */
  async list({ teamId, cursor, limit }: RequestOf<typeof listKeys>): Promise<ReplyOf<typeof listKeys>> {
    const keys = await this.keys.findByTeam(teamId, cursor, limit + 1);
    return toPage(keys.map(toKeyView), limit);
  }

  /** A page of the keys that somebody owns, in whatever team. */
  async listOwned({ ownerId, cursor, limit }: RequestOf<typeof listOwnedKeys>): Promise<ReplyOf<typeof listOwnedKeys>> {
    const keys = await this.keys.findByOwner(ownerId, cursor, limit + 1);
    return toPage(keys.map(toKeyView), limit);
  }

  /** @throws ServiceError `not_found` for another team's key as for none */
  async get({ teamId, id }: RequestOf<typeof getKey>): Promise<KeyView> {
    const key = await this.keys.find(id);
    if (key?.teamId !== teamId) throw new ServiceError('not_found', 'There is no key with this id.', { param: 'id' });
    return toKeyView(key);
  }

  /** Keys by the SHA-256 of their secrets, in the order asked for. */
  async find({ digests }: RequestOf<typeof findKeys>): Promise<ReplyOf<typeof findKeys>> {
    const stored = digests.flatMap((digest) =>
      this.config.KEY_PEPPERS.map((pepper) => ({ digest, stored: toStoredDigest(pepper, digest) })),
    );
    const ids = await this.keys.findIds(stored.map((entry) => entry.stored));
    const keys = new Map((await this.keys.findAll([...ids.values()])).map((key) => [key.id, toKeyView(key)]));
    const found = stored.flatMap((entry) => {
      const id = ids.get(entry.stored);
      const key = id && keys.get(id);
      return key ? [{ digest: entry.digest, key }] : [];
    });
    return { found };
  }

  /** Whose keys these are, whatever their state. */
  async owners({ digests }: RequestOf<typeof tellOwners>): Promise<ReplyOf<typeof tellOwners>> {
    const { found } = await this.find({ digests });
    return {
      owners: found.map(({ digest, key: { id, teamId, ownerId } }) => ({ digest, keyId: id, teamId, ownerId })),
    };
  }

  /** @throws ServiceError `not_found`, `request_conflict` for an ended key, `invalid_request` for a past expiry */
  async update({ teamId, id, changes }: RequestOf<typeof updateKey>): Promise<KeyChange> {
    const { expiresAt, ...rest } = changes;
    const edit: KeyEdit = { ...rest, ...(expiresAt !== undefined && { expiresAt: toTime(expiresAt) }) };
    return this.#changeOne(teamId, id, async (keys, before) => {
      requireNotEnded(before);
      if (edit.name !== undefined && before.replacedBy === null) await requireFreeName(keys, edit.name, id);
      if (edit.expiresAt !== undefined) await requireGoodExpiry(keys, before, edit.expiresAt);
      const { budgets, softBudgets, rpm, tpm, concurrency, ...own } = edit;
      const limits = { budgets, softBudgets, rpm, tpm, concurrency };
      if (Object.values(limits).some((limit) => limit !== undefined)) await keys.limitLineage(before.lineageId, limits);
      const isOwn = Object.values(own).some((value) => value !== undefined);
      return isOwn ? keys.edit(id, own) : [await keys.hold(id)];
    });
  }

  /** @throws ServiceError `not_found`, `request_conflict` for an ended key */
  disable({ teamId, id }: RequestOf<typeof disableKey>): Promise<KeyChange> {
    return this.#changeOne(teamId, id, async (keys, before) => {
      requireNotEnded(before);
      return before.disabledAt === null ? keys.disable(id) : [before];
    });
  }

  /** @throws ServiceError `not_found`, `request_conflict` for an ended key */
  enable({ teamId, id, adoptBy }: RequestOf<typeof enableKey>): Promise<KeyChange> {
    return this.#changeOne(teamId, id, async (keys, before) => {
      requireNotEnded(before);
      if (before.disabledAt === null && before.suspendedAt === null) return [before];
      return keys.enable(id, before.suspendedAt === null ? before.ownerId : adoptBy);
    });
  }

  async #changeOne(
    teamId: RequestOf<typeof getKey>['teamId'],
    id: KeyId,
    work: (keys: TeamKeys, before: KeyRecord) => Promise<KeyRecord[]>,
  ): Promise<KeyChange> {
    const change = await this.database.change(teamId, async (keys) => {
      const before = await keys.hold(id);
      const [after = before] = await work(keys, before);
      return toKeyChange(before, after);
    });
    this.bus.broadcast(keysChanged, { keyIds: [id] });
    return change;
  }
}

async function requireFreeName(keys: TeamKeys, name: string, except?: KeyId): Promise<void> {
  if (!(await keys.isNameTaken(name, except))) return;
  const message = 'The team has another key of this name. Revoke that one or choose another name.';
  throw new ServiceError('request_conflict', message, { param: 'name' });
}

function requireNotEnded({ state }: KeyRecord): void {
  if (state === 'revoked' || state === 'expired')
    throw new ServiceError('request_conflict', `This key is ${state} and cannot be changed any more.`);
}

/** A replaced key has its end, which callers of its successor count on; it may come sooner, not later. */
async function requireGoodExpiry(keys: TeamKeys, key: KeyRecord, expiresAt: Date | null): Promise<void> {
  if (expiresAt !== null && !(await keys.isAhead(expiresAt)))
    throw new ServiceError('invalid_request', 'expiresAt must lie in the future.', { param: 'expiresAt' });
  const isLater = expiresAt === null || (key.expiresAt !== null && expiresAt > key.expiresAt);
  if (key.replacedBy !== null && isLater)
    throw new ServiceError('request_conflict', 'This key was replaced; its end may come sooner, but not later.', {
      param: 'expiresAt',
    });
}

function toTime(iso: string | null): Date | null {
  return iso === null ? null : new Date(iso);
}
