import { expect, test } from '@jest/globals';
import { Linter } from 'eslint';
import ts from 'typescript-eslint';
import { fleetingMembers } from './fleeting-members.mjs';

/** Names what is found in a class with this member. */
function found(member: string): string[] {
  const config = {
    files: ['**/*.ts'],
    languageOptions: { parser: ts.parser },
    plugins: { orgn: { rules: { 'fleeting-members': fleetingMembers } } },
    rules: { 'orgn/fleeting-members': 'error' },
  } as Linter.Config;
  const messages = new Linter().verify(`class Holder { ${member} }`, [config], { filename: 'holder.ts' });
  return messages.map(({ message }) => message.split(' ')[0]!);
}

test.each([
  ['readonly #all = new Set<Exchange>();', 'Exchange'],
  ['readonly #all = new Map<number, TakenRequest>();', 'TakenRequest'],
  ['readonly #all: Set<RunningRequest> = new Set();', 'RunningRequest'],
  ['readonly #byOwner = new Map<string, Set<RunningRequest>>();', 'RunningRequest'],
])('refuses %s', (member, name) => {
  expect(found(member)).toEqual([name]);
});

test.each([
  'readonly #all = new FleetingMap<number, Exchange>();',
  'readonly #byOwner = new Map<string, FleetingMap<number, RunningRequest>>();',
  'readonly #counts = new Map<string, number>();',
  'all() { return new Set<Exchange>(); }',
])('allows %s', (member) => {
  expect(found(member)).toEqual([]);
});
