import { movePeople, pairPeople, type Renaming, type ReplyOf } from '@orgn/contracts';
import type { Bus } from '@orgn/service-kit/client';
import type { Command, Flags } from '../command.ts';
import { parseFlags } from '../flag-values.ts';
import { toTable } from '../output/table.ts';
import type { Session } from '../session.ts';
import { UsageError } from '../usage-error.ts';
import { readRenamings } from './renamings.ts';

type Moved = ReplyOf<typeof movePeople>['people'][number];
type Paired = ReplyOf<typeof pairPeople>;
interface Issuers {
  from: string;
  to: string;
}

/** People of one question: each is a transaction with questions of its own. */
const AT_ONCE = 20;

/**
 * Takes people along to another identity provider: by a file of old and new names, or by addresses that the new one calls
 * verified, of people who have signed in there once. Pairs that were found are acted on with --yes only.
 */
export const movePeopleCommand: Command = {
  synopsis: '--from ISSUER --to ISSUER (--map FILE | --by-email [--yes])',
  flags: ['from', 'to', 'map'],
  switches: ['by-email', 'yes'],

  async run(flags, session) {
    const issuers = toIssuers(flags);
    if ((flags.map === undefined) === (flags['by-email'] === undefined)) {
      throw new UsageError('Say who is who by one of --map and --by-email.');
    }
    if (flags.map === undefined) await moveByAddress(issuers, flags.yes !== undefined, session);
    else await moveByMap(issuers, readRenamings(flags.map), session);
  },
};

function toIssuers({ from, to }: Flags): Issuers {
  const schema = movePeople.request.pick({ from: true, to: true });
  const issuers = parseFlags(schema, { from, to }, { from: 'from', to: 'to' });
  if (issuers.from === issuers.to) throw new UsageError('--to is the issuer that people come from.');
  return issuers;
}

async function moveByMap(issuers: Issuers, people: Renaming[], session: Session): Promise<void> {
  for (const [index, person] of people.entries()) {
    if (movePeople.request.shape.people.element.safeParse(person).success) continue;
    throw new UsageError(`--map: the names of pair ${index + 1} are not valid.`);
  }
  const moved = await move(await session.bus(), issuers, people);
  await session.print({ people: moved }, () => toTable(moved.map(toLine), 'Nobody.'));
}

async function moveByAddress(issuers: Issuers, isMeant: boolean, session: Session): Promise<void> {
  const bus = await session.bus();
  const { pairs, ambiguous } = await pair(bus, issuers);
  if (!isMeant || pairs.length === 0) {
    await session.print({ pairs, ambiguous, moved: false }, () =>
      toTable(pairs.map(toFound), 'Nobody has the same verified address at both.'),
    );
    if (pairs.length > 0) session.output.progress('Nobody was moved. Repeat it with --yes to move them.');
  } else {
    const moved = await move(bus, issuers, pairs);
    await session.print({ people: moved, ambiguous }, () => toTable(moved.map(toLine), 'Nobody.'));
  }
  if (ambiguous.length > 0)
    session.output.progress(`Not clear, because several people have it: ${ambiguous.join(', ')}`);
}

async function pair(bus: Bus, issuers: Issuers): Promise<Omit<Paired, 'next'>> {
  const found: Omit<Paired, 'next'> = { pairs: [], ambiguous: [] };
  let cursor: string | null = null;
  do {
    const page: Paired = await bus.ask(pairPeople, { ...issuers, cursor });
    found.pairs.push(...page.pairs);
    found.ambiguous.push(...page.ambiguous);
    cursor = page.next;
  } while (cursor !== null);
  return found;
}

async function move(bus: Bus, issuers: Issuers, people: readonly Renaming[]): Promise<Moved[]> {
  const moved: Moved[] = [];
  for (let at = 0; at < people.length; at += AT_ONCE) {
    const some = people.slice(at, at + AT_ONCE).map(({ from, to }) => ({ from, to }));
    moved.push(...(await bus.ask(movePeople, { ...issuers, people: some })).people);
  }
  return moved;
}

function toLine({ id, from, to, outcome }: Moved): [string, string][] {
  return [
    ['id', id ?? '-'],
    ['old', from],
    ['new', to],
    ['outcome', outcome],
  ];
}

function toFound({ id, email, from, to }: Paired['pairs'][number]): [string, string][] {
  return [
    ['id', id],
    ['email', email],
    ['old', from],
    ['new', to],
  ];
}
