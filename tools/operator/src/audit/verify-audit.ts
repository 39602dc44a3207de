import type { AuditChain, AuditPlace } from '@orgn/contracts';
import type { Command } from '../command.ts';
import { toTable } from '../output/table.ts';
import { walkChain, type ChainFault, type ChainState } from './chain-walk.ts';
import { allHeads, toTeam } from './list-heads.ts';
import { readPublishedHeads, type PublishedHeads } from './published-heads.ts';

const WHAT_IS_WRONG = {
  missing: 'an entry is missing',
  changed: 'an entry was changed',
  personal_changed: 'the address, client or names of an entry were changed',
  inserted: 'an entry was put in',
  truncated: 'the last entries are missing',
  head_changed: 'its end is not what the log says it is',
  rewritten: 'it is not the chain whose head was published',
} as const satisfies Record<ChainFault['what'], string>;

/** Checks that the audit log is what was written, chain by chain. Exits with 1 when it is not, and says where. */
export const verifyAuditCommand: Command = {
  synopsis: '[--team ID] [--heads FILE]',
  flags: ['team', 'heads'],

  async run(flags, session) {
    const teamId = toTeam(flags.team);
    const published: PublishedHeads =
      flags.heads === undefined ? new Map<AuditChain, AuditPlace[]>() : readPublishedHeads(flags.heads);
    const bus = await session.bus();
    const known = teamId ? [teamId] : (await allHeads(bus, null)).map(({ chain }) => chain);
    const gone = [...published.keys()].filter((chain) => !teamId && !known.includes(chain));
    const chains: ChainState[] = [];
    for (const chain of [...known, ...gone] satisfies AuditChain[]) {
      chains.push(await walkChain(bus, chain, published.get(chain) ?? []));
    }
    const error = toError(chains);
    session.isFailed = error !== null;
    const entries = chains.reduce((sum, chain) => sum + chain.entries, 0);
    await session.print({ isWhole: !error, entries, chains, ...(error && { error }) }, () =>
      [toTable(chains.map(toLine), 'Nothing was written yet.'), ...(error ? [error.message] : [])].join('\n'),
    );
  },
};

function toError(chains: readonly ChainState[]): { code: string; message: string } | null {
  const broken = chains.filter(({ fault }) => fault !== null);
  const [first] = broken;
  if (!first?.fault) return null;
  const more = broken.length > 1 ? ` ${broken.length - 1} more chains are broken.` : '';
  const message = `The audit log was tampered with: in ${first.chain}, at entry ${first.fault.seq}, ${WHAT_IS_WRONG[first.fault.what]}.${more}`;
  return { code: 'audit_broken', message };
}

function toLine({ chain, entries, begins, reached, fault }: ChainState): [string, string][] {
  return [
    ['chain', chain],
    ['entries', String(entries)],
    ['from', String((begins?.seq ?? 0) + 1)],
    ['to', String(reached.seq)],
    ['state', fault ? `at ${fault.seq}: ${WHAT_IS_WRONG[fault.what]}` : 'whole'],
  ];
}
