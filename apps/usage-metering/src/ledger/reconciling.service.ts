import { Injectable } from '@nestjs/common';
import type { reconcileBooks, ReconciledLine, ReplyOf } from '@orgn/contracts';
import { ReconciliationRepository } from './reconciliation.repository.ts';

/** A page ends after so long, or with so many lines: well within the asker's patience and a message. */
const PAGE_MS = 5_000;
const PAGE_LINES = 1_000;

/** Goes through what is kept of teams, a page of them at a time. */
@Injectable()
export class ReconcilingService {
  constructor(private readonly books: ReconciliationRepository) {}

  /** The next teams in the order of their ids. */
  async page({ cursor }: { cursor: string | null }): Promise<ReplyOf<typeof reconcileBooks>> {
    const startedAt = performance.now();
    const lines: ReconciledLine[] = [];
    let last = cursor ?? '';
    while (performance.now() - startedAt < PAGE_MS && lines.length < PAGE_LINES) {
      const teamId = await this.books.next(last);
      if (teamId === null) return { lines, next: null };
      lines.push(...(await this.books.reconcile(teamId)));
      last = teamId;
    }
    return { lines, next: last };
  }
}
