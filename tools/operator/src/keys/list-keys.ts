import { listKeys, type KeyView } from '@orgn/contracts';
import type { Command } from '../command.ts';
import { parseFlags } from '../flag-values.ts';
import { toTable } from '../output/table.ts';

/** Shows a team's keys, without their secrets. */
export const listKeysCommand: Command = {
  synopsis: '--team ID',
  flags: ['team'],

  async run(flags, session) {
    const request = parseFlags(listKeys.request, { teamId: flags.team }, { teamId: 'team' });
    const bus = await session.bus();
    const reply = await bus.ask(listKeys, request);
    await session.print(reply, () => toTable(reply.keys.map(toLine), 'This team has no keys.'));
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
