import { suspendTeam } from '@orgn/contracts';
import type { Command } from '../command.ts';
import { parseFlags } from '../flag-values.ts';
import { toFields } from '../output/table.ts';
import { toTeamFields } from './team-fields.ts';

/** Stops a team. Once this has printed, no gateway accepts any of its keys. */
export const suspendTeamCommand: Command = {
  synopsis: '--team ID --reason TEXT',
  flags: ['team', 'reason'],

  async run(flags, session) {
    const values = { teamId: flags.team, reason: flags.reason };
    const request = parseFlags(suspendTeam.request, values, { teamId: 'team', reason: 'reason' });
    const bus = await session.bus();
    const team = await bus.ask(suspendTeam, request);
    await session.print(team, () => toFields(toTeamFields(team)));
  },
};
