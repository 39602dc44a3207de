import { Injectable } from '@nestjs/common';
import { keysChanged, ServiceError, type KeyChange, type RequestOf, type revokeKey } from '@orgn/contracts';
import { Bus } from '@orgn/service-kit';
import { KeyRegistryConfig } from '../config.ts';
import { toStoredDigest } from './key-digest.ts';
import { toKeyChange, type KeyRecord } from './key-view.ts';
import { KeysDatabase } from './keys.database.ts';
import { KeysRepository } from './keys.repository.ts';
import type { TeamKeys } from './team-keys.ts';

type Revocation = RequestOf<typeof revokeKey>;

/** Ends keys for good. */
@Injectable()
export class RevocationService {
  constructor(
    private readonly keys: KeysRepository,
    private readonly database: KeysDatabase,
    private readonly config: KeyRegistryConfig,
    private readonly bus: Bus,
  ) {}

  /**
   * Resolves after the commit; a repetition answers the first revocation. Only this key ends: the one that it replaced
   * or that replaced it stays as it is, because callers may depend on that one.
   * @throws ServiceError `not_found`, `confirmation_required`
   */
  async revoke({ key, reason, isConfirmed }: Revocation): Promise<KeyChange> {
    const { id, teamId } = await this.#find(key);
    const change = await this.database.change(teamId, async (keys) => {
      const before = await keys.hold(id);
      if (before.state === 'revoked') return toKeyChange(before, before);
      if (!isConfirmed) await requireNoCallers(keys, before);
      const [after = before] = await keys.revoke([id], reason);
      return toKeyChange(before, after);
    });
    this.bus.broadcast(keysChanged, { keyIds: [id] });
    return change;
  }

  async #find(name: Revocation['key']): Promise<KeyRecord> {
    const key = await ('id' in name ? this.keys.find(name.id) : this.#findByDigest(name.digest));
    const isForeign = 'id' in name && name.teamId !== undefined && name.teamId !== key?.teamId;
    if (key && !isForeign) return key;
    throw new ServiceError('not_found', 'There is no such key.', { param: 'id' in name ? 'id' : 'digest' });
  }

  async #findByDigest(digest: string): Promise<KeyRecord | null> {
    const candidates = this.config.KEY_PEPPERS.map((pepper) => toStoredDigest(pepper, digest));
    const [id] = (await this.keys.findIds(candidates)).values();
    return id === undefined ? null : this.keys.find(id);
  }
}

async function requireNoCallers(keys: TeamKeys, key: KeyRecord): Promise<void> {
  if (!(await keys.isLastInUse(key))) return;
  const message =
    'This is the team’s only accepted key, and it was used in the last 24 hours. Update its callers first, or confirm.';
  throw new ServiceError('confirmation_required', message, { param: 'isConfirmed' });
}
