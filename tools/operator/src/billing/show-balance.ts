import { tellBalance } from '@orgn/contracts';
import type { Command } from '../command.ts';
import { parseFlags } from '../flag-values.ts';
import { toFields } from '../output/table.ts';
import { toBalanceFields } from './balance-fields.ts';

/** Shows what a team has, what is held of it and what it owes. */
export const showBalanceCommand: Command = {
  synopsis: '--team ID',
  flags: ['team'],

  async run(flags, session) {
    const request = parseFlags(tellBalance.request, { teamId: flags.team }, { teamId: 'team' });
    const bus = await session.bus();
    const balance = await bus.ask(tellBalance, request);
    await session.print(balance, () => toFields(toBalanceFields(balance)));
  },
};
