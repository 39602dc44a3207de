import { tellStatement, type Statement } from '@orgn/contracts';
import type { Command } from '../command.ts';
import { parseFlags } from '../flag-values.ts';
import { toFields, toTable } from '../output/table.ts';
import { toUsd } from '../output/usd.ts';

/** Shows a month of a team's books: as text, as JSON, or its lines as CSV. */
export const showStatementCommand: Command = {
  synopsis: '--team ID [--month YYYY-MM] [--csv]',
  flags: ['team', 'month'],
  switches: ['csv'],

  async run(flags, session) {
    const values = { teamId: flags.team, month: flags.month ?? new Date().toISOString().slice(0, 7) };
    const request = parseFlags(tellStatement.request, values, { teamId: 'team', month: 'month' });
    const bus = await session.bus();
    const statement = await bus.ask(tellStatement, request);
    if (flags.csv !== undefined) return session.output.line(toCsv(statement));
    await session.print(statement, () => toText(statement));
  },
};

function toText(statement: Statement): string {
  const usd = (nanoUsd: string) => `${toUsd(nanoUsd)} USD`;
  const head = toFields([
    ['team', statement.teamId],
    ['month', statement.month],
    ['opening', usd(statement.openingNanoUsd)],
    ['closing', usd(statement.closingNanoUsd)],
    ['used', usd(statement.usedNanoUsd)],
    ['of that not billed', usd(statement.waivedNanoUsd)],
  ]);
  const lines = linesOf(statement).map(([at, what, amount, reason, actor]) => [
    ...[['at', at] as const, ['what', what] as const, ['usd', amount] as const],
    ...[['reason', reason] as const, ['by', actor] as const],
  ]);
  return `${head}\n\n${toTable(lines, 'Nothing was booked.')}`;
}

type Line = readonly [at: string, what: string, usd: string, reason: string, actor: string];

/** What moved the team's position, in the order of time; usage by the day. */
function linesOf({ days, money }: Statement): Line[] {
  const used = days.map(({ day, entries, usedNanoUsd }): Line => {
    return [day, 'usage', toUsd(`-${usedNanoUsd}`.replace('--', '')), `${entries} entries`, ''];
  });
  const moved = money.map(({ at, kind, credit, amountNanoUsd, reason, actor }): Line => {
    return [at, kind, toUsd(credit === 'outside' ? `-${amountNanoUsd}` : amountNanoUsd), reason, actor];
  });
  return [...used, ...moved].sort(([a], [b]) => (a < b ? -1 : 1));
}

/** RFC 4180; a text that a spreadsheet would take for a formula gets an apostrophe in front. */
function toCsv(statement: Statement): string {
  const cell = (text: string) => `"${text.replaceAll('"', '""').replace(/^(?=[=+@\t\r]|-(?![\d.]+$))/, "'")}"`;
  return [['at', 'what', 'usd', 'reason', 'by'], ...linesOf(statement)]
    .map((line) => line.map(cell).join(','))
    .join('\r\n');
}
