import { Injectable } from '@nestjs/common';
import type { ConsoleKey, TeamAction } from '@orgn/console-api';
import { getKey, type KeyId, type KeyView, type Role, type TeamId, type UserId } from '@orgn/contracts';
import { Bus } from '@orgn/service-kit';
import { requirePermission } from '../permissions/require-permission.ts';
import { People } from '../users/people.ts';

/** A call about one key of a team. */
export interface KeyCall {
  params: { keyId: KeyId };
  caller: { userId: UserId };
  membership: { teamId: TeamId; role: Role };
}

/** Keys as the console's callers meet them. */
@Injectable()
export class ShownKeys {
  constructor(
    private readonly bus: Bus,
    private readonly people: People,
  ) {}

  /** @throws ServiceError `not_found` also for keys of other teams; `not_permitted` when it is somebody else's to change */
  async require({ params, caller, membership }: KeyCall, action: TeamAction): Promise<KeyView> {
    const key = await this.bus.ask(getKey, { teamId: membership.teamId, id: params.keyId });
    requirePermission(membership.role, action, key.ownerId === caller.userId);
    return key;
  }

  /** With the people behind them. */
  async all(keys: readonly KeyView[]): Promise<ConsoleKey[]> {
    const people = await this.people.byId(keys.flatMap(({ createdBy, ownerId }) => [createdBy, ownerId]));
    return keys.map(({ createdBy, ownerId, ...key }) => ({
      ...key,
      createdBy: createdBy && (people.get(createdBy) ?? null),
      owner: ownerId && (people.get(ownerId) ?? null),
    }));
  }

  async one(key: KeyView): Promise<ConsoleKey> {
    return (await this.all([key]))[0] as ConsoleKey;
  }
}
