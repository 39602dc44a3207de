import { Injectable } from '@nestjs/common';
import {
  keysChanged,
  ServiceError,
  type extendKey,
  type KeyChange,
  type KeyState,
  type ReplyOf,
  type RequestOf,
  type rotateKey,
} from '@orgn/contracts';
import { Bus } from '@orgn/service-kit';
import { KeyRegistryConfig } from '../config.ts';
import { toStoredDigest } from './key-digest.ts';
import { newKeyId } from './key-id.ts';
import { toKeyChange, toKeyView, type KeyRecord } from './key-view.ts';
import { KeysDatabase } from './keys.database.ts';
import type { Ending } from './team-keys.ts';

/** How long a replaced key waits for the first use of its successor; its grace period is added. */
const FIRST_USE_WITHIN_SECONDS = 30 * 24 * 3600;

const unfit: Record<Exclude<KeyState, 'active'>, string> = {
  rotating: 'This key has been replaced already. Rotate the key that replaced it.',
  disabled: 'This key is disabled. Enable it before you rotate it.',
  suspended: 'This key is suspended because its owner has left the team. Let somebody adopt it before you rotate it.',
  expired: 'This key has expired. Create a new one.',
  revoked: 'This key was revoked. Create a new one.',
};

/** Puts new secrets in the place of old ones, without a moment in which neither is accepted. */
@Injectable()
export class RotationService {
  constructor(
    private readonly database: KeysDatabase,
    private readonly config: KeyRegistryConfig,
    private readonly bus: Bus,
  ) {}

  /** @throws ServiceError `not_found`, `request_conflict` for a key that is not active and for a known digest */
  async rotate(request: RequestOf<typeof rotateKey>): Promise<ReplyOf<typeof rotateKey>> {
    const { teamId, digest, hint, createdBy } = request;
    const id = newKeyId();
    const { digest: stored, kid } = toStoredDigest(this.config.KEY_PEPPERS[0], digest);
    const reply = await this.database.change(teamId, async (keys) => {
      const old = await keys.hold(request.id);
      if (old.state !== 'active') throw new ServiceError('request_conflict', unfit[old.state]);
      const heir = { ...toInheritance(old), id, digest: stored, digestKid: kid, hint, createdBy };
      const key = await keys.insert(heir);
      const [replaced = old] = await keys.replace(old.id, id, toEnding(request));
      return { key: toKeyView(key), replaced: toKeyChange(old, replaced) };
    });
    this.bus.broadcast(keysChanged, { keyIds: [request.id] });
    return reply;
  }

  /** Gives a replaced key more time. @throws ServiceError `not_found`, `request_conflict` for a key that was not replaced or has ended */
  async extend({ teamId, id, graceSeconds }: RequestOf<typeof extendKey>): Promise<KeyChange> {
    const change = await this.database.change(teamId, async (keys) => {
      const before = await keys.hold(id);
      if (before.replacedBy === null || before.state === 'revoked' || before.state === 'expired')
        throw new ServiceError('request_conflict', NO_GRACE);
      const [after = before] = await keys.extend(before, graceSeconds);
      return toKeyChange(before, after);
    });
    this.bus.broadcast(keysChanged, { keyIds: [id] });
    return change;
  }
}

const NO_GRACE = 'Only a key that was replaced and has not ended yet can be given more time.';

function toInheritance(old: KeyRecord) {
  const { name, models, executionPolicy, ipAllowList, expiresAt, ownerId, lineageId } = old;
  const { budgets, softBudgets, rpm, tpm, concurrency } = old;
  const restrictions = { models, executionPolicy, ipAllowList, budgets, softBudgets, rpm, tpm, concurrency };
  return { ...restrictions, name, expiresAt, ownerId, lineageId, generation: old.generation + 1, replaces: old.id };
}

function toEnding({ activate, graceSeconds }: RequestOf<typeof rotateKey>): Ending {
  if (activate === 'now') return { untilSeconds: graceSeconds, graceSeconds: null };
  return { untilSeconds: FIRST_USE_WITHIN_SECONDS + graceSeconds, graceSeconds };
}
