import { Injectable } from '@nestjs/common';
import type { auditRoutes, ConsoleReplyOf } from '@orgn/console-api';
import type { AuditPlace, listAuditHeads, ReplyOf, RequestOf, verifyAudit } from '@orgn/contracts';
import type { ConsoleCall } from '../console/console-call.ts';
import { BEGINNING, checkEnd, checkEntries, type Checked } from './audit-chain.ts';
import { AuditChainsRepository, type Stretch } from './audit-chains.repository.ts';

/** Whether the audit log is what was written. */
@Injectable()
export class AuditChainsService {
  constructor(private readonly chains: AuditChainsRepository) {}

  /** A team's head, for its owners to keep where nobody of this deployment can change it. */
  async head({ membership }: ConsoleCall<typeof auditRoutes.head>): Promise<ConsoleReplyOf<typeof auditRoutes.head>> {
    const [head] = await this.chains.heads({ teamId: membership.teamId, cursor: null, limit: 1 });
    return head ?? { chain: membership.teamId, at: null, ...BEGINNING };
  }

  async heads({ teamId, cursor, limit }: RequestOf<typeof listAuditHeads>): Promise<ReplyOf<typeof listAuditHeads>> {
    const found = await this.chains.heads({ teamId, cursor, limit });
    const heads = found.slice(0, limit);
    return { heads, next: found.length > limit ? (heads.at(-1)?.chain ?? null) : null };
  }

  async verify({ chain, after, limit }: RequestOf<typeof verifyAudit>): Promise<ReplyOf<typeof verifyAudit>> {
    // One more than is checked: whether it is the end, and whether a number was given twice across the edge of the page.
    const stretch = await this.chains.stretch(chain, after?.seq ?? null, limit + 1);
    const page = checkPage(after ?? stretch.cut ?? BEGINNING, stretch, limit);
    const isEnd = stretch.entries.length <= limit || page.fault !== null;
    const fault = page.fault ?? (isEnd ? checkEnd(page.reached, stretch.head) : null);
    return { ...page, begins: stretch.cut, isEnd, fault };
  }
}

function checkPage(from: AuditPlace, { entries }: Stretch, limit: number): Checked {
  const [last, beyond] = [entries[limit - 1], entries[limit]];
  const isTwin = last !== undefined && beyond?.seq === last.seq;
  return checkEntries(from, isTwin ? entries : entries.slice(0, limit));
}
