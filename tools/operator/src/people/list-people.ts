import { listPeople, type ReplyOf, type RequestOf } from '@orgn/contracts';
import type { Bus } from '@orgn/service-kit/client';
import type { Command } from '../command.ts';
import { parseFlags } from '../flag-values.ts';
import { toTable } from '../output/table.ts';

export type FoundPerson = ReplyOf<typeof listPeople>['people'][number];

/** Shows who is known, by whom and under which name: everybody, or who has an address. */
export const listPeopleCommand: Command = {
  synopsis: '[--email ADDRESS]',
  flags: ['email'],

  async run(flags, session) {
    const values = { email: flags.email ?? null };
    const { email } = parseFlags(listPeople.request.pick({ email: true }), values, { email: 'email' });
    const people = await allPeople(await session.bus(), email);
    await session.print({ people }, () => toTable(people.map(toLine), 'There is nobody.'));
  },
};

/** Everybody, or who has this address, a page at a time. */
export async function allPeople(bus: Bus, email: RequestOf<typeof listPeople>['email']): Promise<FoundPerson[]> {
  const people: FoundPerson[] = [];
  let cursor: FoundPerson['id'] | null = null;
  do {
    const page: ReplyOf<typeof listPeople> = await bus.ask(listPeople, { email, cursor });
    people.push(...page.people);
    cursor = page.next;
  } while (cursor !== null);
  return people;
}

function toLine(person: FoundPerson): [string, string][] {
  return [
    ['id', person.id],
    ['email', person.email],
    ['verified', person.emailVerified ? 'yes' : 'no'],
    ['name', person.name],
    ['issuer', person.iss],
    ['sub', person.sub],
    ['last sign-in', person.lastSignedInAt ?? 'never'],
  ];
}
