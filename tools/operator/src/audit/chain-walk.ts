import { verifyAudit, type AuditChain, type AuditFault, type AuditPlace, type ReplyOf } from '@orgn/contracts';
import type { Bus } from '@orgn/service-kit/client';

type Page = ReplyOf<typeof verifyAudit>;

/** `rewritten`: the chain is whole, and not the one that was published. */
export interface ChainFault {
  seq: number;
  entry: string | null;
  what: AuditFault | 'rewritten';
}

/** What checking a chain came to. */
export interface ChainState {
  chain: AuditChain;
  /** Entries that were checked and found good. */
  entries: number;
  /** The last entry that was dropped for its age; null: none was. */
  begins: AuditPlace | null;
  reached: AuditPlace;
  fault: ChainFault | null;
}

const MOST_A_PAGE = 2_000;

/**
 * Checks a chain from where it begins to its end, a page at a time, and holds it to places that were published. A page ends
 * where a published place is, so that its hash is there to compare.
 */
export async function walkChain(bus: Bus, chain: AuditChain, published: readonly AuditPlace[]): Promise<ChainState> {
  let after: AuditPlace | null = null;
  let entries = 0;
  for (;;) {
    const limit: number = after || published.length === 0 ? toNext(after, published) : 1;
    const page: Page = await bus.ask(verifyAudit, { chain, after, limit });
    entries += page.checked;
    const fault = page.fault ?? differing(page, published);
    if (fault || page.isEnd) return { chain, entries, begins: page.begins, reached: page.reached, fault };
    after = page.reached;
  }
}

function toNext(after: AuditPlace | null, published: readonly AuditPlace[]): number {
  const seq = after?.seq ?? 0;
  const next = published.find((place) => place.seq > seq);
  return next ? Math.min(MOST_A_PAGE, next.seq - seq) : MOST_A_PAGE;
}

function differing({ begins, reached, isEnd }: Page, published: readonly AuditPlace[]): ChainFault | null {
  const beyond = isEnd && published.find((place) => place.seq > reached.seq);
  if (beyond) return { seq: reached.seq + 1, entry: null, what: 'truncated' };
  const seen = [reached, ...(begins ? [begins] : [])];
  const other = published.find((place) => seen.some(({ seq, hash }) => seq === place.seq && hash !== place.hash));
  return other ? { seq: other.seq, entry: null, what: 'rewritten' } : null;
}
