import { listAuditHeads, type AuditChain, type AuditHead, type ReplyOf, type RequestOf } from '@orgn/contracts';
import type { Bus } from '@orgn/service-kit/client';
import type { Command } from '../command.ts';
import { parseFlags } from '../flag-values.ts';
import { toTable } from '../output/table.ts';

/** Shows the ends of the audit log's chains. Kept elsewhere, `audit verify --heads` holds the log to them. */
export const listAuditHeadsCommand: Command = {
  synopsis: '[--team ID]',
  flags: ['team'],

  async run(flags, session) {
    const teamId = toTeam(flags.team);
    const heads = await allHeads(await session.bus(), teamId);
    await session.print({ heads }, () => toTable(heads.map(toLine), 'Nothing was written yet.'));
  },
};

/** @throws UsageError for what cannot be a team's id */
export function toTeam(flag: string | undefined): RequestOf<typeof listAuditHeads>['teamId'] {
  const schema = listAuditHeads.request.pick({ teamId: true });
  return parseFlags(schema, { teamId: flag ?? null }, { teamId: 'team' }).teamId;
}

/** The heads of all chains, or of a team's, a page at a time. */
export async function allHeads(bus: Bus, teamId: RequestOf<typeof listAuditHeads>['teamId']): Promise<AuditHead[]> {
  const heads: AuditHead[] = [];
  let cursor: AuditChain | null = null;
  do {
    const page: ReplyOf<typeof listAuditHeads> = await bus.ask(listAuditHeads, { teamId, cursor });
    heads.push(...page.heads);
    cursor = page.next;
  } while (cursor !== null);
  return heads;
}

function toLine({ chain, seq, at, hash }: AuditHead): [string, string][] {
  return [
    ['chain', chain],
    ['entries', String(seq)],
    ['last', at ?? '-'],
    ['hash', hash],
  ];
}
