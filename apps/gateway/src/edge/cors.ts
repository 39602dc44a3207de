/** Our headers that a page may read; the others that browsers always show are not listed. */
const EXPOSED = [
  'x-request-id',
  'x-ollm-execution',
  'x-ollm-provider',
  'x-ollm-attestation',
  'x-ollm-attestation-root',
  'x-ollm-budget-warning',
  'x-ollm-receipt',
  'x-ollm-cost',
  'x-ollm-dropped',
  'x-ollm-max-tokens',
  'x-ollm-model',
  'x-ollm-spki-sha256',
  'x-ollm-translated',
  ...['limit', 'remaining', 'reset'].flatMap((part) =>
    ['requests', 'tokens'].flatMap((what) => [`x-ratelimit-${part}-${what}`, `anthropic-ratelimit-${what}-${part}`]),
  ),
  'x-should-retry',
  'retry-after',
  'server-timing',
  'www-authenticate',
].join(', ');

const PREFLIGHT_SECONDS = 600;

/** What a browser asks with. */
export interface CrossOriginRequest {
  origin: string | undefined;
  /** Whether it asks for permission only (`OPTIONS` with `access-control-request-method`). */
  isPreflight: boolean;
}

/**
 * Headers that let a page of an allowed origin call the API. No cookies are involved, so there are no credentials to
 * allow; the key is in a header that the page must have.
 * @param origins exact origins; pages of others get nothing
 * @param methods of the endpoint that is asked for
 */
export function corsHeaders(
  origins: readonly string[],
  { origin, isPreflight }: CrossOriginRequest,
  methods: readonly string[],
): Record<string, string> {
  if (origin === undefined || !origins.includes(origin)) return { vary: 'origin' };
  const headers = { vary: 'origin', 'access-control-allow-origin': origin };
  if (!isPreflight) return { ...headers, 'access-control-expose-headers': EXPOSED };
  return {
    ...headers,
    'access-control-allow-methods': methods.join(', '),
    // The wildcard covers every header but this one.
    'access-control-allow-headers': 'authorization, *',
    'access-control-max-age': String(PREFLIGHT_SECONDS),
  };
}
