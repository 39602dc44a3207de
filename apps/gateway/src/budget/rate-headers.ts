import type { RateStandings } from '@orgn/contracts';
import type { Dialect } from '../paths/dialect.ts';

/** How a key's limits by the minute stand, in the headers of its dialect: OpenAI's say when in spans, Anthropic's in times. */
export function rateHeaders(rates: RateStandings, dialect: Dialect, now = Date.now()): Record<string, string> {
  const isAnthropic = dialect === 'anthropic';
  const headers: Record<string, string> = {};
  for (const what of ['requests', 'tokens'] as const) {
    const standing = rates[what];
    if (!standing) continue;
    const { limit, remaining, resetMs } = standing;
    const reset = isAnthropic ? new Date(now + resetMs).toISOString() : toSpan(resetMs);
    for (const [part, value] of Object.entries({ limit, remaining, reset }))
      headers[isAnthropic ? `anthropic-ratelimit-${what}-${part}` : `x-ratelimit-${part}-${what}`] = String(value);
  }
  return headers;
}

/** As OpenAI writes spans: `20ms`, `1.5s`, `1m1s`. */
function toSpan(ms: number): string {
  if (ms < 1_000) return `${String(ms)}ms`;
  const minutes = Math.floor(ms / 60_000);
  return `${minutes > 0 ? `${String(minutes)}m` : ''}${String((ms % 60_000) / 1_000)}s`;
}
