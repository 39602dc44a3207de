import { parseArgs } from 'node:util';
import { creditTeam, refundTeam } from '@orgn/contracts';
import { listAuditHeadsCommand } from './audit/list-heads.ts';
import { verifyAuditCommand } from './audit/verify-audit.ts';
import { bookMoneyCommand } from './billing/book-money.ts';
import { showBalanceCommand } from './billing/show-balance.ts';
import { tailAlertsCommand } from './billing/tail-alerts.ts';
import { showStatementCommand } from './billing/show-statement.ts';
import type { Command, Flags } from './command.ts';
import { createKeyCommand } from './keys/create-key.ts';
import { listKeysCommand } from './keys/list-keys.ts';
import { revokeKeyCommand } from './keys/revoke-key.ts';
import { deletePersonCommand } from './people/delete-person.ts';
import { exportPersonCommand } from './people/export-person.ts';
import { invitePersonCommand } from './people/invite-person.ts';
import { listPeopleCommand } from './people/list-people.ts';
import { movePeopleCommand } from './people/move-people.ts';
import { createTeamCommand } from './teams/create-team.ts';
import { listTeamsCommand } from './teams/list-teams.ts';
import { resumeTeamCommand } from './teams/resume-team.ts';
import { suspendTeamCommand } from './teams/suspend-team.ts';
import { UsageError } from './usage-error.ts';
import { listUsageCommand } from './usage/list-usage.ts';
import { reconcileBooksCommand } from './usage/reconcile-books.ts';
import { summarizeUsageCommand } from './usage/summarize-usage.ts';
import { tailUsageCommand } from './usage/tail-usage.ts';

const commands: ReadonlyMap<string, Command> = new Map([
  ['audit heads', listAuditHeadsCommand],
  ['audit verify', verifyAuditCommand],
  ['billing alerts', tailAlertsCommand],
  ['billing balance', showBalanceCommand],
  ['billing credit', bookMoneyCommand(creditTeam)],
  ['billing refund', bookMoneyCommand(refundTeam)],
  ['billing statement', showStatementCommand],
  ['keys create', createKeyCommand],
  ['keys list', listKeysCommand],
  ['keys revoke', revokeKeyCommand],
  ['people delete', deletePersonCommand],
  ['people export', exportPersonCommand],
  ['people invite', invitePersonCommand],
  ['people list', listPeopleCommand],
  ['people move', movePeopleCommand],
  ['teams list', listTeamsCommand],
  ['teams create', createTeamCommand],
  ['teams suspend', suspendTeamCommand],
  ['teams resume', resumeTeamCommand],
  ['usage summary', summarizeUsageCommand],
  ['usage list', listUsageCommand],
  ['usage tail', tailUsageCommand],
  ['usage reconcile', reconcileBooksCommand],
]);

/** @throws UsageError naming the command that does not exist */
export function findCommand([noun = '', verb = '']: readonly string[]): Command {
  const command = commands.get(`${noun} ${verb}`);
  if (command) return command;
  throw new UsageError(
    verb === '' || verb.startsWith('-') ? 'Which command?' : `There is no command "${noun} ${verb}".`,
  );
}

/** @throws UsageError naming the flag that does not exist, lacks its value or was given twice */
export function parseCommandLine(command: Command, args: readonly string[]): Flags {
  const ofType = <T extends 'string' | 'boolean'>(type: T, names: readonly string[]) =>
    Object.fromEntries(names.map((name) => [name, { type, multiple: true as const }]));
  const options = {
    ...ofType('boolean', [...(command.switches ?? []), 'json']),
    ...ofType('string', [...command.flags, 'dir']),
  };
  try {
    const { values } = parseArgs({ args: [...args], options, strict: true, allowPositionals: false });
    return Object.fromEntries(Object.entries(values).map(([name, given]) => [name, single(name, given)]));
  } catch (error) {
    throw error instanceof UsageError ? error : new UsageError((error as Error).message, { cause: error });
  }
}

/** Programs of tools/migrate, which main.ts hands over to. */
const ofTheDatabase = [
  '  npm run -s backup -- --to FILE|DIR',
  '  npm run -s restore -- --from FILE [--replace] [--check]',
];

/** How the commands are called. */
export function usageText(): string {
  const lines = [...commands].map(([name, { synopsis }]) => {
    const [noun, verb] = name.split(' ');
    return `  npm run -s ${noun} -- ${verb} ${synopsis}`.trimEnd();
  });
  return [
    'Usage:',
    ...lines,
    ...ofTheDatabase,
    '',
    'Every command takes [--dir D], the folder of a stack, and [--json].',
  ].join('\n');
}

function single(name: string, given: unknown): string {
  const values = (Array.isArray(given) ? given : [given]) as unknown[];
  if (values.length > 1) throw new UsageError(`--${name} was given twice.`);
  return String(values[0]);
}
