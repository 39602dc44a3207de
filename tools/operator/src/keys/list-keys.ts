import { listKeys, type KeyId, type KeyView } from '@orgn/contracts';
import type { Bus } from '@orgn/service-kit/client';
import type { Command, Flags } from '../command.ts';
import { parseFlags } from '../flag-values.ts';
import { toTable } from '../output/table.ts';
import { UsageError } from '../usage-error.ts';
import { findOwner, ownedKeys } from './owner.ts';

/** Shows all keys of a team, or of a person in whatever team, newest first, without their secrets. */
export const listKeysCommand: Command = {
  synopsis: '(--team ID | --owner USER)',
  flags: ['team', 'owner'],

  async run(flags, session) {
    const read = flags.owner === undefined ? ofTeam(flags) : ofOwner(flags.owner, flags.team);
    const keys = await read(await session.bus());
    const isOwners = flags.owner !== undefined;
    const none = isOwners ? 'This person owns no keys.' : 'This team has no keys.';
    await session.print({ keys }, () =>
      toTable(
        keys.map((key) => toLine(key, isOwners)),
        none,
      ),
    );
  },
};

function ofOwner(owner: string, team: string | undefined): (bus: Bus) => Promise<KeyView[]> {
  if (team !== undefined) throw new UsageError('Give one of --team and --owner.');
  return async (bus) => ownedKeys(bus, await findOwner(bus, owner));
}

function ofTeam(flags: Flags): (bus: Bus) => Promise<KeyView[]> {
  const { teamId } = parseFlags(listKeys.request.pick({ teamId: true }), { teamId: flags.team }, { teamId: 'team' });
  return async (bus) => {
    const keys: KeyView[] = [];
    let cursor: KeyId | null = null;
    do {
      const page: { keys: KeyView[]; next: KeyId | null } = await bus.ask(listKeys, { teamId, cursor });
      keys.push(...page.keys);
      cursor = page.next;
    } while (cursor !== null);
    return keys;
  };
}

function toLine(key: KeyView, isOwners: boolean): [string, string][] {
  return [
    ['id', key.id],
    ...(isOwners ? ([['team', key.teamId]] as [string, string][]) : []),
    ['name', key.name],
    ['state', key.state],
    ['hint', key.hint],
    ['execution', key.executionPolicy],
    ['models', key.models?.join(',') ?? 'all'],
    ['expires', key.expiresAt ?? 'never'],
    ['last used', key.lastUsedAt ?? 'never'],
  ];
}
