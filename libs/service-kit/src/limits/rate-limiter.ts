import { RecentMap } from './recent-map.ts';

/** How often something may happen in a window of time. */
export interface RateLimit {
  points: number;
  seconds: number;
}

interface Window {
  count: number;
  /** Milliseconds of a monotonic clock. */
  endsAt: number;
}

/** Subjects that are remembered; beyond that the one that was counted longest ago begins anew. */
const MAX_SUBJECTS = 20_000;

/**
 * Counts how often each subject does something, in windows that begin with its first. Memory is bounded: whoever has more
 * subjects to their name than are remembered is not held by this limit, and harms nobody else's memory of theirs.
 */
export class RateLimiter {
  readonly #windows: RecentMap<string, Window>;

  constructor(
    private readonly limit: RateLimit,
    capacity = MAX_SUBJECTS,
  ) {
    this.#windows = new RecentMap(capacity);
  }

  get size(): number {
    return this.#windows.size;
  }

  /**
   * Counts one more.
   * @param now milliseconds of a monotonic clock
   * @returns seconds until there is room again; 0: there is
   */
  count(subject: string, now = performance.now()): number {
    const { points, seconds } = this.limit;
    const known = this.#windows.get(subject);
    const current = known && known.endsAt > now ? known : { count: 0, endsAt: now + seconds * 1_000 };
    // Whoever goes on while there is no room loses nothing by it: the window ends when it ends.
    if (current.count < points) current.count += 1;
    else return toSeconds(current.endsAt - now);
    this.#windows.set(subject, current);
    return 0;
  }

  /** Seconds until there is room for a subject, which is not counted; 0: there is. */
  outlook(subject: string, now = performance.now()): number {
    const known = this.#windows.get(subject);
    return known && known.endsAt > now && known.count >= this.limit.points ? toSeconds(known.endsAt - now) : 0;
  }
}

function toSeconds(ms: number): number {
  return Math.max(1, Math.ceil(ms / 1_000));
}
