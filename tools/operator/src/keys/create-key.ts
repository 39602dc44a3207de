import { issueKey, usdAmount } from '@orgn/contracts';
import type { Command, Flags } from '../command.ts';
import { parseFlags, toList, toNumber, toTime } from '../flag-values.ts';
import { toFields } from '../output/table.ts';

const windows = ['total', 'day', 'week', 'month'] as const;

/** Issues a key. The only command that prints one, and it prints it once: nobody keeps it. */
export const createKeyCommand: Command = {
  synopsis: [
    '--team ID --name N [--expires ISO] [--models a,b] [--execution any|tee_only] [--ip-allow a,b]',
    '[--budget-total USD] [--budget-day USD] [--budget-week USD] [--budget-month USD]',
    '[--soft-budgets total,day,week,month] [--rpm N] [--tpm N] [--concurrency N]',
  ].join(' '),
  flags: [
    ...['team', 'name', 'expires', 'models', 'execution', 'ip-allow', 'rpm', 'tpm', 'concurrency', 'soft-budgets'],
    ...windows.map((window) => `budget-${window}`),
  ],

  async run(flags, session) {
    const request = toRequest(flags);
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

/** A budget is a flag for each window here, so that a mistake is named by the window's own flag. */
const flagged = issueKey.request.omit({ budgets: true }).extend({
  total: usdAmount.optional(),
  day: usdAmount.optional(),
  week: usdAmount.optional(),
  month: usdAmount.optional(),
});

function toRequest(flags: Flags) {
  const values = {
    teamId: flags.team,
    name: flags.name,
    expiresAt: toTime(flags.expires),
    models: toList(flags.models),
    executionPolicy: flags.execution,
    ipAllowList: toList(flags['ip-allow']),
    rpm: toNumber(flags.rpm),
    tpm: toNumber(flags.tpm),
    concurrency: toNumber(flags.concurrency),
    softBudgets: toList(flags['soft-budgets']),
    ...(Object.fromEntries(windows.map((window) => [window, flags[`budget-${window}`]])) as Budgets),
  };
  const { total, day, week, month, ...request } = parseFlags(flagged, values, flagOf);
  const given = Object.entries({ total, day, week, month }).filter(([, amount]) => amount !== undefined);
  return { ...request, budgets: given.length > 0 ? Object.fromEntries(given) : null };
}

type Budgets = Record<(typeof windows)[number], string | undefined>;

const flagOf = {
  ...{ teamId: 'team', name: 'name', expiresAt: 'expires', models: 'models', executionPolicy: 'execution' },
  ...{ ipAllowList: 'ip-allow', rpm: 'rpm', tpm: 'tpm', concurrency: 'concurrency', softBudgets: 'soft-budgets' },
  ...{ total: 'budget-total', day: 'budget-day', week: 'budget-week', month: 'budget-month' },
};
