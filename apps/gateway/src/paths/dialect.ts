import type { IncomingHttpHeaders } from 'node:http';
import { endpointAt, pathOf } from './endpoints.ts';
import { rightAddress } from './right-address.ts';

/** Whose protocol a caller speaks: its errors are said in that protocol too. */
export type Dialect = 'openai' | 'responses' | 'anthropic';

/** What of a request says whose protocol it speaks. */
export interface Spoken {
  url: string;
  headers: IncomingHttpHeaders;
}

/** What only one of the protocols has. */
const owners: readonly [RegExp, Dialect][] = [
  [/^\/v1\/messages(\/|$)/, 'anthropic'],
  [/^\/v1\/responses(\/|$)/, 'responses'],
  [/^\/v1\/(chat|completions|embeddings|rerank|audio)(\/|$)|^\/v2\/rerank$/, 'openai'],
];

/**
 * Whose protocol a caller speaks, also where there is no such endpoint: its path says so, and where both protocols have
 * it, as with `/v1/models`, the headers that only Anthropic's clients send.
 */
export function dialectOf({ url, headers }: Spoken): Dialect {
  const path = pathOf(url);
  const name = endpointAt(path)?.name ?? rightAddress(path)?.name ?? path;
  return owners.find(([pattern]) => pattern.test(name))?.[1] ?? dialectOfHeaders(headers);
}

function dialectOfHeaders(headers: IncomingHttpHeaders): Dialect {
  const isAnthropic =
    headers['anthropic-version'] !== undefined ||
    (headers['x-api-key'] !== undefined && headers.authorization === undefined);
  return isAnthropic ? 'anthropic' : 'openai';
}
