import { alertChanged, teamId } from '@orgn/contracts';
import { z } from 'zod';
import type { Command } from '../command.ts';
import { parseFlags } from '../flag-values.ts';
import { untilEnded } from '../output/until-ended.ts';

/** Prints alerts as they open and close, one JSON line each, until it is interrupted or nobody reads any more. */
export const tailAlertsCommand: Command = {
  synopsis: '[--team ID]',
  flags: ['team'],

  async run(flags, session) {
    const { team } = parseFlags(z.object({ team: teamId.optional() }), { team: flags.team }, { team: 'team' });
    const bus = await session.bus({ lasting: true });
    const ended = untilEnded(session.output);
    const stopListening = bus.listen(alertChanged, ({ alerts }) => {
      for (const alert of alerts) {
        if (team === undefined || alert.teamId === team) void session.output.line(JSON.stringify(alert));
      }
    });
    await bus.connection.flush();
    session.output.progress('listening');
    await ended;
    stopListening();
  },
};
