import { membersOf } from '@orgn/dialects';

/** The id that a provider gave to its answer: its first object's; null where there is none of a usual form. */
export function chatIdOf(wire: Buffer): string | null {
  const start = wire.indexOf('{');
  const member = start < 0 ? undefined : membersOf(wire, start).find(({ name }) => name === 'id');
  const value = member ? wire.toString('utf8', member.valueStart, member.valueEnd) : '';
  return /^"([\w-]{1,128})"$/.exec(value)?.[1] ?? null;
}
