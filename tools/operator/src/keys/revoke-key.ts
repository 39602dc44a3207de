import { withdrawKey } from '@orgn/contracts';
import type { Command } from '../command.ts';
import { parseFlags } from '../flag-values.ts';
import { toFields } from '../output/table.ts';

/** Ends a key for good. Once this has printed, no gateway accepts the key. */
export const revokeKeyCommand: Command = {
  synopsis: '--id ID [--reason rotated|leaked|unused|other]',
  flags: ['id', 'reason'],

  async run(flags, session) {
    const values = { id: flags.id, reason: flags.reason ?? 'other' };
    const request = parseFlags(withdrawKey.request, values, { id: 'id', reason: 'reason' });
    const bus = await session.bus();
    const { after } = await bus.ask(withdrawKey, request);
    const { id, state, revokedAt } = after;
    await session.print({ id, state, revokedAt }, () =>
      toFields([
        ['id', id],
        ['state', state],
        ['revoked at', revokedAt ?? 'never'],
      ]),
    );
  },
};
