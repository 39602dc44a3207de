import { Injectable } from '@nestjs/common';
import type { ScopeStanding } from '@orgn/contracts';
import { ServiceLog } from '@orgn/service-kit';
import type { HoldOrder } from './hold-order.ts';
import { limitKey, type Limit } from './limit.ts';
import { SoftBudgetsRepository, type SoftStanding } from './soft-budgets.repository.ts';

/** How old what is known may be before it is asked anew, and how long it is kept. */
const FRESH_MS = 2_000;
const KEPT_MS = 60_000;
const MOST_KNOWN = 50_000;

interface Known {
  /** Undefined: it was never asked. */
  standing: SoftStanding | undefined;
  cap: bigint;
  /** Monotonic milliseconds. */
  askedAt: number;
}

/** Budgets that only warn: how they stand by the books, seconds old while they are used. No request waits for that. */
@Injectable()
export class SoftBudgets {
  readonly #known = new Map<string, Known>();

  constructor(
    private readonly scopes: SoftBudgetsRepository,
    private readonly log: ServiceLog,
  ) {}

  /** Those of a request that are used up, by what is known. */
  usedUp({ admission: { teamId }, softLimits }: HoldOrder): ScopeStanding[] {
    if (softLimits.length === 0) return [];
    const now = performance.now();
    const stale = softLimits.filter((limit) => !this.#isFresh(teamId, limit, now));
    if (stale.length > 0) void this.#ask(teamId, stale, now);
    return softLimits.flatMap((limit) => this.#standingOf(teamId, limit) ?? []);
  }

  /** Forgets what nobody has used for a while. */
  tidy(): void {
    const now = performance.now();
    for (const [key, { askedAt }] of this.#known) if (now - askedAt > KEPT_MS) this.#known.delete(key);
  }

  #isFresh(team: string, limit: Limit, now: number): boolean {
    const known = this.#known.get(keyOf(team, limit));
    return known !== undefined && known.cap === limit.cap && now - known.askedAt < FRESH_MS;
  }

  #standingOf(team: string, { kind, period, cap = 0n, ...limit }: Limit): ScopeStanding | undefined {
    const standing = this.#known.get(keyOf(team, { kind, period, ...limit, cap }))?.standing;
    if (!standing || standing.spent < cap) return undefined;
    const { spent, held, ends } = standing;
    const amounts = { limitNanoUsd: String(cap), spentNanoUsd: String(spent), heldNanoUsd: String(held) };
    return { kind, period, ...amounts, roomNanoUsd: '0', resetsAt: ends?.toISOString() ?? null };
  }

  async #ask(team: string, limits: readonly Limit[], askedAt: number): Promise<void> {
    if (this.#known.size > MOST_KNOWN) this.#known.clear();
    const asked = limits.map((limit): Known => {
      const standing = this.#known.get(keyOf(team, limit))?.standing;
      const known = { standing, cap: limit.cap ?? 0n, askedAt };
      this.#known.set(keyOf(team, limit), known);
      return known;
    });
    try {
      const found = await this.scopes.watch(team, limits);
      for (const [at, known] of asked.entries()) known.standing = found[at];
    } catch (error) {
      this.log.warn('budgets that warn could not be read', { team }, error);
    }
  }
}

function keyOf(team: string, limit: Limit): string {
  return `${team} ${limitKey(limit)}`;
}
