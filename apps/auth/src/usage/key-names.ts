import { Injectable } from '@nestjs/common';
import { listKeys, type KeyId, type KeyView, type ReplyOf, type TeamId } from '@orgn/contracts';
import { Bus } from '@orgn/service-kit';

/** Pages of 500 keys that are read for their names; older keys show their ids. */
const MOST_PAGES = 10;

export type KeysById = ReadonlyMap<KeyId, KeyView>;

/** What a team’s keys are called, ended ones included. */
@Injectable()
export class KeyNames {
  constructor(private readonly bus: Bus) {}

  async of(teamId: TeamId): Promise<KeysById> {
    const keys: KeyView[] = [];
    let cursor: KeyId | null = null;
    for (let pages = 0; pages < MOST_PAGES; pages += 1) {
      const page: ReplyOf<typeof listKeys> = await this.bus.ask(listKeys, { teamId, cursor });
      keys.push(...page.keys);
      cursor = page.next;
      if (cursor === null) break;
    }
    return new Map(keys.map((key) => [key.id, key]));
  }
}

/** A key by its id; one that is not known keeps that alone. */
export function namedKeyOf(id: KeyId, keys: KeysById) {
  const key = keys.get(id);
  return { id, name: key?.name ?? id, hint: key?.hint ?? '' };
}
