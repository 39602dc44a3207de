import { Injectable } from '@nestjs/common';
import { describeRouters, type ReplyOf } from '@orgn/contracts';
import { Bus } from '@orgn/service-kit';

export type RouterWord = ReplyOf<typeof describeRouters>;
type ProviderWord = RouterWord['providers'][string];

/** What was heard is told for this long: pages that are opened at the same time share one survey. */
const FRESH_MS = 1_000;

/** From good to bad: several routers see a provider through circuits of their own, and the worst of them is told. */
const circuits = ['closed', 'half_open', 'open'] as const;
const healths = ['not_configured', 'ok', 'failing'] as const;

/** What the routers say of themselves and of the providers. */
@Injectable()
export class RouterSurvey {
  #latest: { at: number; words: Promise<RouterWord[]> } | undefined;

  constructor(private readonly bus: Bus) {}

  /** @throws ServiceError `service_unavailable` without the bus; no router at all is an empty list */
  ask(): Promise<RouterWord[]> {
    const now = performance.now();
    if (!this.#latest || now - this.#latest.at > FRESH_MS)
      this.#latest = { at: now, words: this.bus.survey(describeRouters, {}) };
    return this.#latest.words;
  }
}

/** One word on a provider from those of all routers; undefined: none has spoken of it. */
export function worstOf(provider: string, routers: readonly RouterWord[]): ProviderWord | undefined {
  const words = routers.flatMap(({ providers }) => providers[provider] ?? []);
  if (words.length === 0) return undefined;
  const worst = <T extends string>(order: readonly T[], of: (word: ProviderWord) => T | null): T | null =>
    order[Math.max(...words.map((word) => order.indexOf(of(word) as T)))] ?? null;
  return {
    health: worst(healths, ({ health }) => health) ?? 'failing',
    circuit: worst(circuits, ({ circuit }) => circuit),
  };
}
