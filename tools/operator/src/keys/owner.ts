import { listOwnedKeys, ServiceError, userId, type KeyId, type KeyView, type UserId } from '@orgn/contracts';
import type { Bus } from '@orgn/service-kit/client';
import { allPeople } from '../people/list-people.ts';
import { UsageError } from '../usage-error.ts';

/**
 * The person whom `--owner` names: by id, or by an address that one person has.
 * @throws UsageError for what is neither
 * @throws ServiceError `not_found` when nobody has the address, `request_conflict` when several have
 */
export async function findOwner(bus: Bus, owner: string): Promise<UserId> {
  const id = userId.safeParse(owner);
  if (id.success) return id.data;
  if (!owner.includes('@')) throw new UsageError('--owner is not valid: must be a user id or an e-mail address.');
  const [found, another] = await allPeople(bus, owner);
  if (!found)
    throw new ServiceError('not_found', 'Nobody has this address. `npm run -s people -- list` shows everybody.');
  if (!another) return found.id;
  const message = 'Several people have this address. Name one by id: `npm run -s people -- list --email ADDRESS`.';
  throw new ServiceError('request_conflict', message);
}

/** All keys that somebody owns, in whatever team, newest first. */
export async function ownedKeys(bus: Bus, ownerId: UserId): Promise<KeyView[]> {
  const keys: KeyView[] = [];
  let cursor: KeyId | null = null;
  do {
    const page: { keys: KeyView[]; next: KeyId | null } = await bus.ask(listOwnedKeys, { ownerId, cursor });
    keys.push(...page.keys);
    cursor = page.next;
  } while (cursor !== null);
  return keys;
}
