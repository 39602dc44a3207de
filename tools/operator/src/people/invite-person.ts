import { invitePerson } from '@orgn/contracts';
import type { Command } from '../command.ts';
import { parseFlags } from '../flag-values.ts';
import { toFields } from '../output/table.ts';

/** Invites somebody into a team, which is made if it is not there. Prints the link, this once: nothing is mailed. */
export const invitePersonCommand: Command = {
  synopsis: '--team ID --email ADDRESS [--role owner|admin|member|viewer] [--team-name N]',
  flags: ['team', 'email', 'role', 'team-name'],

  async run(flags, session) {
    const values = { teamId: flags.team, email: flags.email, role: flags.role, teamName: flags['team-name'] };
    const flagOf = { teamId: 'team', email: 'email', role: 'role', teamName: 'team-name' };
    const request = parseFlags(invitePerson.request, values, flagOf);
    const bus = await session.bus();
    const invited = await bus.ask(invitePerson, request);
    await session.print(invited, () =>
      toFields([
        ['team', `${invited.teamId}${invited.isNewTeam ? ' (new)' : ''}`],
        ['email', invited.email],
        ['role', invited.role],
        ['good until', invited.expiresAt],
        ['link', `${invited.link}   (shown this once: hand it over)`],
      ]),
    );
  },
};
