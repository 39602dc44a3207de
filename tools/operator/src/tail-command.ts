import { teamId, type BroadcastContract, type PayloadOf, type TeamId } from '@orgn/contracts';
import { z } from 'zod';
import type { Command } from './command.ts';
import { parseFlags } from './flag-values.ts';
import { untilEnded } from './output/until-ended.ts';

/**
 * A command that prints what a broadcast tells of teams, one JSON line each, until it is interrupted or nobody reads any more.
 * @param told what one broadcast tells
 */
export function tailCommand<C extends BroadcastContract>(
  contract: C,
  told: (payload: PayloadOf<C>) => readonly { teamId: TeamId }[],
): Command {
  return {
    synopsis: '[--team ID]',
    flags: ['team'],

    async run(flags, session) {
      const { team } = parseFlags(z.object({ team: teamId.optional() }), { team: flags.team }, { team: 'team' });
      const bus = await session.bus({ lasting: true });
      const ended = untilEnded(session.output);
      const stopListening = bus.listen(contract, (payload) => {
        for (const one of told(payload)) {
          if (team === undefined || one.teamId === team) void session.output.line(JSON.stringify(one));
        }
      });
      // Once the server has answered the flush, whatever is told from now on is seen.
      await bus.connection.flush();
      session.output.progress('listening');
      await ended;
      stopListening();
    },
  };
}
