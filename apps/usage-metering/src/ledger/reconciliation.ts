import { CHECKS } from './reconcile.sql.ts';

/** Something that is kept of a team, and whether entries and rows come to the same. */
export interface ReconciledLine {
  teamId: string;
  what: keyof typeof CHECKS;
  name: string;
  /** How many parts were compared, and how many of them differ. */
  parts: number;
  differing: number;
  /** Nano-USD as decimal strings. */
  kept: string;
  found: string;
}

/** Runs a statement in the snapshot that all of a team is compared in. */
export type Ask = (statement: string, values: unknown[]) => Promise<unknown[]>;

/** Recomputes everything that is kept of a team. */
export async function reconcileTeam(ask: Ask, teamId: string): Promise<ReconciledLine[]> {
  const lines: ReconciledLine[] = [];
  for (const what of ['balance', 'scope', 'entries', 'rollup'] as const)
    for (const statement of CHECKS[what])
      for (const line of await ask(statement, [teamId]))
        lines.push({ teamId, what, ...(line as Omit<ReconciledLine, 'teamId' | 'what'>) });
  return lines;
}
