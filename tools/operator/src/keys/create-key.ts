import { issueKey, ServiceError } from '@orgn/contracts';
import type { Command, Flags } from '../command.ts';
import { parseFlags, toTime } from '../flag-values.ts';
import { toFields } from '../output/table.ts';

/** Known, and refused until they have an effect: a limit that is silently ignored is worse than none. */
const laterFlags: Record<string, string> = {
  'budget-total': 'Budgets are enforced from a later release; create the key without --budget-total.',
  'ip-allow': 'Address lists are enforced from a later release; create the key without --ip-allow.',
  rpm: 'Request rates are enforced from a later release; create the key without --rpm.',
  tpm: 'Token rates are enforced from a later release; create the key without --tpm.',
};

/** Issues a key. The only command that prints one, and it prints it once: nobody keeps it. */
export const createKeyCommand: Command = {
  synopsis: '--team ID --name N [--expires ISO] [--models a,b] [--execution any|tee_only]',
  flags: ['team', 'name', 'expires', 'models', 'execution', ...Object.keys(laterFlags)],

  async run(flags, session) {
    const request = toRequest(flags);
    refuseLater(flags);
    const bus = await session.bus();
    const issued = await bus.ask(issueKey, request);
    await session.print(issued, () =>
      toFields([
        ['id', issued.id],
        ['team', issued.teamId],
        ['key', `${issued.key}   (shown this once, kept nowhere)`],
      ]),
    );
  },
};

function toRequest(flags: Flags) {
  const values = {
    teamId: flags.team,
    name: flags.name,
    expiresAt: toTime(flags.expires),
    models: flags.models?.split(',').map((model) => model.trim()),
    executionPolicy: flags.execution,
  };
  const flagOf = { teamId: 'team', name: 'name', expiresAt: 'expires', models: 'models', executionPolicy: 'execution' };
  return parseFlags(issueKey.request, values, flagOf);
}

/** @throws ServiceError `not_supported_yet` */
function refuseLater(flags: Flags): void {
  for (const [name, message] of Object.entries(laterFlags)) {
    if (flags[name] !== undefined) throw new ServiceError('not_supported_yet', message, { param: name });
  }
}
