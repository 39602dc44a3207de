import { teamId, usageChanged } from '@orgn/contracts';
import type { Bus } from '@orgn/service-kit/client';
import { z } from 'zod';
import type { Command } from '../command.ts';
import { parseFlags } from '../flag-values.ts';
import type { Output } from '../output/output.ts';
import { untilEnded } from '../output/until-ended.ts';

/** Prints usage rows as they are settled, one JSON line each, until it is interrupted or nobody reads any more. */
export const tailUsageCommand: Command = {
  synopsis: '[--team ID]',
  flags: ['team'],

  async run(flags, session) {
    const { team } = parseFlags(z.object({ team: teamId.optional() }), { team: flags.team }, { team: 'team' });
    const bus = await session.bus({ lasting: true });
    const ended = untilEnded(session.output);
    const stopListening = bus.listen(usageChanged, ({ rows }) => {
      for (const row of rows) {
        if (team === undefined || row.teamId === team) void session.output.line(JSON.stringify(row));
      }
    });
    await confirmSubscribed(bus, session.output);
    await ended;
    stopListening();
  },
};

/** Once the server has answered the flush, whatever is settled from now on is seen. */
async function confirmSubscribed(bus: Bus, output: Output): Promise<void> {
  await bus.connection.flush();
  output.progress('listening');
}
