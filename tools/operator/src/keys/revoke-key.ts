import { withdrawKey, type KeyView, type RequestOf } from '@orgn/contracts';
import type { Bus } from '@orgn/service-kit/client';
import type { Command, Flags } from '../command.ts';
import { parseFlags } from '../flag-values.ts';
import { toFields, toTable } from '../output/table.ts';
import { UsageError } from '../usage-error.ts';
import { findOwner, ownedKeys } from './owner.ts';

type Reason = RequestOf<typeof withdrawKey>['reason'];

/** Ends a key for good, or all keys that a person owns. Once this has printed, no gateway accepts them. */
export const revokeKeyCommand: Command = {
  synopsis: '(--id ID | --owner USER) [--reason rotated|leaked|unused|other]',
  flags: ['id', 'owner', 'reason'],

  async run(flags, session) {
    if (flags.owner !== undefined) {
      const reason = toReason(flags);
      const keys = await revokeOwned(await session.bus(), flags.owner, reason);
      await session.print({ keys }, () => toTable(keys.map(toRow), 'This person owns no key that has not ended.'));
      return;
    }
    const values = { id: flags.id, reason: flags.reason ?? 'other' };
    const request = parseFlags(withdrawKey.request, values, { id: 'id', reason: 'reason' });
    const bus = await session.bus();
    const ended = toEnded((await bus.ask(withdrawKey, request)).after);
    await session.print(ended, () => toFields(toRow(ended)));
  },
};

function toReason(flags: Flags): Reason {
  if (flags.id !== undefined) throw new UsageError('Give one of --id and --owner.');
  const values = { reason: flags.reason ?? 'other' };
  return parseFlags(withdrawKey.request.pick({ reason: true }), values, { reason: 'reason' }).reason;
}

/** Again until none is left: one may be made meanwhile. */
async function revokeOwned(bus: Bus, owner: string, reason: Reason): Promise<Ended[]> {
  const ownerId = await findOwner(bus, owner);
  const ended: Ended[] = [];
  for (;;) {
    const living = (await ownedKeys(bus, ownerId)).filter(({ state }) => state !== 'revoked' && state !== 'expired');
    if (living.length === 0) return ended;
    for (const { id } of living) ended.push(toEnded((await bus.ask(withdrawKey, { id, reason })).after));
  }
}

type Ended = Pick<KeyView, 'id' | 'state' | 'revokedAt'>;

function toEnded({ id, state, revokedAt }: KeyView): Ended {
  return { id, state, revokedAt };
}

function toRow({ id, state, revokedAt }: Ended): [string, string][] {
  return [
    ['id', id],
    ['state', state],
    ['revoked at', revokedAt ?? 'never'],
  ];
}
