import type { ReconciledLine } from '@orgn/contracts';
import { CHECKS } from './reconcile.sql.ts';

/** Runs a statement in the snapshot that all of a team is compared in. */
export type Ask = (statement: string, values: unknown[]) => Promise<unknown[]>;

/** So many scopes of a team are listed one by one. */
const MOST_LISTED = 500;
/** So many that differ are listed in any case. */
const MOST_DIFFERING = 200;

/** Recomputes everything that is kept of a team. Amounts are nano-USD. */
export async function reconcileTeam(ask: Ask, teamId: string): Promise<ReconciledLine[]> {
  const lines: ReconciledLine[] = [];
  for (const what of ['balance', 'scope', 'entries', 'rollup'] as const)
    for (const statement of CHECKS[what]) {
      const found = (await ask(statement, [teamId])) as Omit<ReconciledLine, 'teamId' | 'what'>[];
      lines.push(...shortened(found.map((line) => ({ teamId, what, ...line }))));
    }
  return lines;
}

/** A team with very many scopes: those that differ, and one line for all. */
function shortened(lines: ReconciledLine[]): ReconciledLine[] {
  const [first] = lines;
  if (!first || lines.length <= MOST_LISTED) return lines;
  const differing = lines.filter((line) => line.differing > 0);
  const sum = (side: 'kept' | 'found') => String(lines.reduce((total, line) => total + BigInt(line[side]), 0n));
  const counts = { parts: lines.length, differing: differing.length };
  const all = { ...first, name: 'all together', ...counts, kept: sum('kept'), found: sum('found') };
  return [all, ...differing.slice(0, MOST_DIFFERING)];
}
