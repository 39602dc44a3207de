import { randomUUID } from 'node:crypto';
import { creditTeam } from '@orgn/contracts';
import type { Command } from '../command.ts';
import { parseFlags } from '../flag-values.ts';
import { toFields } from '../output/table.ts';
import { toBalanceFields } from './balance-fields.ts';

/** Gives a team a balance, or takes back from it. With the key of a command that was given before, nothing happens again. */
export function bookMoneyCommand(contract: typeof creditTeam): Command {
  return {
    synopsis: '--team ID --amount USD --reason TEXT [--key K]',
    flags: ['team', 'amount', 'reason', 'key'],

    async run(flags, session) {
      const values = { teamId: flags.team, amount: flags.amount, reason: flags.reason };
      const names = { teamId: 'team', amount: 'amount', reason: 'reason', idempotencyKey: 'key' };
      const idempotencyKey = flags.key ?? randomUUID();
      const request = parseFlags(creditTeam.request, { ...values, idempotencyKey }, names);
      const bus = await session.bus();
      const { isNew, balance } = await bus.ask(contract, request);
      await session.print({ isNew, idempotencyKey, balance }, () =>
        toFields([
          ['booked', isNew ? 'now' : 'before, under the same key: nothing was done'],
          ['key', idempotencyKey],
          ...toBalanceFields(balance),
        ]),
      );
    },
  };
}
