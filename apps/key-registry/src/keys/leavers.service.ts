import { Injectable } from '@nestjs/common';
import {
  keysChanged,
  type KeyId,
  type KeysOfLeaver,
  type ReplyOf,
  type RequestOf,
  type settleKeys,
  type UserId,
} from '@orgn/contracts';
import { Bus } from '@orgn/service-kit';
import type { KeyRecord } from './key-view.ts';
import { KeysDatabase } from './keys.database.ts';
import type { TeamKeys } from './team-keys.ts';

interface Choice {
  /** Whether a key of the leaver is still to be settled. */
  concerns: (key: KeyRecord) => boolean;
  settle: (keys: TeamKeys, ids: KeyId[], adoptBy: UserId | null) => Promise<KeyRecord[]>;
}

const choices: Record<KeysOfLeaver, Choice> = {
  adopt: { concerns: () => true, settle: (keys, ids, adoptBy) => keys.adopt(ids, adoptBy) },
  suspend: { concerns: (key) => key.suspendedAt === null, settle: (keys, ids) => keys.suspend(ids) },
  revoke: { concerns: () => true, settle: (keys, ids) => keys.revoke(ids, 'other') },
};

/** Settles what becomes of the keys of those who leave a team. */
@Injectable()
export class LeaversService {
  constructor(
    private readonly database: KeysDatabase,
    private readonly bus: Bus,
  ) {}

  /** Concerns the keys that have not ended; answers those that it changed. */
  async settle({
    teamId,
    ownerId,
    choice,
    adoptBy,
  }: RequestOf<typeof settleKeys>): Promise<ReplyOf<typeof settleKeys>> {
    const { concerns, settle } = choices[choice];
    const settled = await this.database.change(teamId, async (keys) => {
      const owned = (await keys.holdOwnedBy(ownerId)).filter(concerns).map(({ id }) => id);
      return (await settle(keys, owned, adoptBy)).map(({ id }) => id);
    });
    this.bus.broadcast(keysChanged, { keyIds: settled });
    return { settled };
  }
}
