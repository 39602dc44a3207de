import { deletePerson } from '@orgn/contracts';
import type { Command } from '../command.ts';
import { parseFlags } from '../flag-values.ts';
import { toFields } from '../output/table.ts';

/** Forgets a person. Their id stays in logs and usage, and nothing says any more whose it was. */
export const deletePersonCommand: Command = {
  synopsis: '--id USER_ID [--keys suspend|revoke] [--confirm]',
  flags: ['id', 'keys'],
  switches: ['confirm'],

  async run(flags, session) {
    const values = { id: flags.id, keys: flags.keys, isConfirmed: flags.confirm !== undefined };
    const request = parseFlags(deletePerson.request, values, { id: 'id', keys: 'keys', isConfirmed: 'confirm' });
    const bus = await session.bus();
    const done = await bus.ask(deletePerson, request);
    await session.print(done, () =>
      toFields([
        ['forgotten', done.id],
        ['teams left', String(done.teamsLeft)],
        ['teams ended', String(done.teamsEnded)],
        ['keys settled', String(done.keysSettled)],
      ]),
    );
  },
};
