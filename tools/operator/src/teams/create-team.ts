import { randomBytes } from 'node:crypto';
import { createTeam } from '@orgn/contracts';
import type { Command } from '../command.ts';
import { parseFlags } from '../flag-values.ts';
import { toFields } from '../output/table.ts';

/** Makes a team. With an id that is taken it shows the team that has it. */
export const createTeamCommand: Command = {
  synopsis: '--name N [--id ID]',
  flags: ['name', 'id'],

  async run(flags, session) {
    const values = { id: flags.id ?? `team_${randomBytes(8).toString('hex')}`, name: flags.name };
    const request = parseFlags(createTeam.request, values, { id: 'id', name: 'name' });
    const bus = await session.bus();
    const team = await bus.ask(createTeam, request);
    await session.print(team, () =>
      toFields([
        ['id', team.id],
        ['name', team.name],
        ['created', team.createdAt],
      ]),
    );
  },
};
