import { resumeTeam } from '@orgn/contracts';
import type { Command } from '../command.ts';
import { parseFlags } from '../flag-values.ts';
import { toFields } from '../output/table.ts';
import { toTeamFields } from './team-fields.ts';

/** Ends a team's suspension. */
export const resumeTeamCommand: Command = {
  synopsis: '--team ID',
  flags: ['team'],

  async run(flags, session) {
    const request = parseFlags(resumeTeam.request, { teamId: flags.team }, { teamId: 'team' });
    const bus = await session.bus();
    const team = await bus.ask(resumeTeam, request);
    await session.print(team, () => toFields(toTeamFields(team)));
  },
};
