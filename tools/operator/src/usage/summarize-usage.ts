import { summarizeUsage } from '@orgn/contracts';
import type { Command } from '../command.ts';
import { parseFlags, toTime } from '../flag-values.ts';
import { toFields } from '../output/table.ts';
import { toUsd } from '../output/usd.ts';

/** Shows what a team has used, in total or since a time. */
export const summarizeUsageCommand: Command = {
  synopsis: '--team ID [--since ISO]',
  flags: ['team', 'since'],

  async run(flags, session) {
    const values = { teamId: flags.team, since: toTime(flags.since) };
    const request = parseFlags(summarizeUsage.request, values, { teamId: 'team', since: 'since' });
    const bus = await session.bus();
    const totals = await bus.ask(summarizeUsage, request);
    await session.print(totals, () =>
      toFields([
        ['requests', String(totals.requests)],
        ['prompt tokens', String(totals.promptTokens)],
        ['completion tokens', String(totals.completionTokens)],
        ['cost', `${toUsd(totals.totalNanoUsd ?? totals.costNanoUsd)} USD`],
      ]),
    );
  },
};
