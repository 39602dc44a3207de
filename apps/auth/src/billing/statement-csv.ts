import type { Statement } from '@orgn/contracts';
import { formatUsd } from '@orgn/pricing';
import { csvLine } from '../console/csv.ts';

type Line = readonly [at: string, what: string, usd: string | { number: string }, reason: string, by: string];

/** A month of a team's books as CSV (RFC 4180), in the order of time; usage by the day. What it came to stands in the last line. */
export function toCsv(statement: Statement): string {
  const { month, openingNanoUsd, closingNanoUsd, days, money } = statement;
  const used = days.map(({ day, entries, usedNanoUsd }): Line => {
    return [day, 'usage', toUsd(-BigInt(usedNanoUsd)), `${entries} entries`, ''];
  });
  const moved = money.map(({ at, kind, credit, amountNanoUsd, reason, actor }): Line => {
    const amount = BigInt(amountNanoUsd);
    return [at, kind, toUsd(credit === 'outside' ? -amount : amount), reason, actor];
  });
  const lines: Line[] = [
    ['at', 'what', 'usd', 'reason', 'by'],
    [`${month}-01`, 'opening', toUsd(BigInt(openingNanoUsd)), '', ''],
    ...[...used, ...moved].sort(([a], [b]) => (a < b ? -1 : 1)),
    ['', 'closing', toUsd(BigInt(closingNanoUsd)), '', ''],
  ];
  return lines.map(csvLine).join('');
}

/** Decimal USD with nine places: exact. */
function toUsd(nanoUsd: bigint): { number: string } {
  return { number: nanoUsd < 0n ? `-${formatUsd(-nanoUsd)}` : formatUsd(nanoUsd) };
}
