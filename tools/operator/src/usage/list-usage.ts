import { listUsage, type RequestId } from '@orgn/contracts';
import type { Command } from '../command.ts';
import { parseFlags } from '../flag-values.ts';

/** Prints all of a team's usage rows, oldest request first, one JSON line each. */
export const listUsageCommand: Command = {
  synopsis: '--team ID',
  flags: ['team'],

  async run(flags, session) {
    const { teamId } = parseFlags(listUsage.request.pick({ teamId: true }), { teamId: flags.team }, { teamId: 'team' });
    const bus = await session.bus();
    let cursor: RequestId | null = null;
    do {
      const page: { rows: object[]; next: RequestId | null } = await bus.ask(listUsage, { teamId, cursor });
      for (const row of page.rows) await session.output.line(JSON.stringify(row));
      cursor = page.next;
    } while (cursor !== null && !session.output.isClosed);
  },
};
