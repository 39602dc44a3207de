import { listKeys, type KeyId, type KeyView } from '@orgn/contracts';
import type { Command } from '../command.ts';
import { parseFlags } from '../flag-values.ts';
import { toTable } from '../output/table.ts';

/** Shows all of a team's keys, newest first, without their secrets. */
export const listKeysCommand: Command = {
  synopsis: '--team ID',
  flags: ['team'],

  async run(flags, session) {
    const { teamId } = parseFlags(listKeys.request.pick({ teamId: true }), { teamId: flags.team }, { teamId: 'team' });
    const bus = await session.bus();
    const keys: KeyView[] = [];
    let cursor: KeyId | null = null;
    do {
      const page: { keys: KeyView[]; next: KeyId | null } = await bus.ask(listKeys, { teamId, cursor });
      keys.push(...page.keys);
      cursor = page.next;
    } while (cursor !== null);
    await session.print({ keys }, () => toTable(keys.map(toLine), 'This team has no keys.'));
  },
};

function toLine(key: KeyView): [string, string][] {
  return [
    ['id', key.id],
    ['name', key.name],
    ['state', key.state],
    ['hint', key.hint],
    ['execution', key.executionPolicy],
    ['models', key.models?.join(',') ?? 'all'],
    ['expires', key.expiresAt ?? 'never'],
    ['last used', key.lastUsedAt ?? 'never'],
  ];
}
