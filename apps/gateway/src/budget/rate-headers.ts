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
    const reset = isAnthropic ? new Date(now + resetMs).toISOString() : `${String(resetMs)}ms`;
    for (const [part, value] of Object.entries({ limit, remaining, reset }))
      headers[isAnthropic ? `anthropic-ratelimit-${what}-${part}` : `x-ratelimit-${part}-${what}`] = String(value);
  }
  return headers;
}
