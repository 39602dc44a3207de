import { listTeams, type ReplyOf, type TeamId } from '@orgn/contracts';
import type { Command } from '../command.ts';
import { toTable } from '../output/table.ts';
import { toTeamFields } from './team-fields.ts';

type Page = ReplyOf<typeof listTeams>;

/** Shows all teams, newest first. */
export const listTeamsCommand: Command = {
  synopsis: '',
  flags: [],

  async run(_, session) {
    const bus = await session.bus();
    const teams: Page['teams'] = [];
    let cursor: TeamId | null = null;
    do {
      const page: Page = await bus.ask(listTeams, { cursor });
      teams.push(...page.teams);
      cursor = page.next;
    } while (cursor !== null);
    await session.print({ teams }, () => toTable(teams.map(toTeamFields), 'There are no teams.'));
  },
};
