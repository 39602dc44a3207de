import type { DispatchError } from '@orgn/dialects';

/** Whose protocol an endpoint speaks: its errors are said in that protocol too. */
export type Dialect = 'openai' | 'responses' | 'anthropic';

export type Method = 'GET' | 'HEAD' | 'POST' | 'DELETE';

/** One path of the API host, and what it takes. */
export interface Endpoint {
  path: RegExp;
  methods: readonly Method[];
  /** What a body must be declared as. */
  media: 'json' | 'multipart';
}

const read: readonly Method[] = ['GET', 'HEAD'];
const endpoints: readonly Endpoint[] = [
  at(/\/v1\/chat\/completions/, ['POST']),
  at(/\/v1\/completions/, ['POST']),
  at(/\/v1\/embeddings/, ['POST']),
  at(/\/v1\/rerank/, ['POST']),
  at(/\/v1\/audio\/transcriptions/, ['POST'], 'multipart'),
  at(/\/v1\/responses/, ['POST']),
  at(/\/v1\/responses\/[^/]+/, ['GET', 'HEAD', 'DELETE']),
  at(/\/v1\/responses\/[^/]+\/input_items/, read),
  at(/\/v1\/responses\/[^/]+\/cancel/, ['POST']),
  at(/\/v1\/messages/, ['POST']),
  at(/\/v1\/messages\/count_tokens/, ['POST']),
  at(/\/v1\/models/, read),
  // Ids with slashes are not ours, but the caller should learn that from the catalogue.
  at(/\/v1\/models\/.+/, read),
  at(/\/v1\/key/, read),
  at(/\/v1\/key\/revoke/, ['POST']),
  at(/\/health/, read),
  at(/\/status/, read),
];

function at(path: RegExp, methods: readonly Method[], media: Endpoint['media'] = 'json'): Endpoint {
  return { path: new RegExp(`^${path.source}/?$`), methods, media };
}

/** The endpoint that a URL names, whatever its query. */
export function endpointAt(url: string): Endpoint | undefined {
  const path = pathOf(url);
  return endpoints.find((endpoint) => endpoint.path.test(path));
}

/** Whose protocol a caller of this URL speaks, also where there is no such endpoint. */
export function dialectOf(url: string): Dialect {
  const path = pathOf(url);
  if (/^\/v1\/messages(\/|$)/.test(path)) return 'anthropic';
  return /^\/v1\/responses(\/|$)/.test(path) ? 'responses' : 'openai';
}

/** Methods for an `allow` header; of no endpoint in particular: all there are. */
export function allowedMethods(endpoint: Endpoint | undefined): readonly Method[] {
  return endpoint?.methods ?? ['GET', 'HEAD', 'POST', 'DELETE'];
}

/** What a path that no handler took gets: 405 with the methods it has, or 404. */
export function unknownEndpoint(url: string): DispatchError {
  const known = endpointAt(url);
  if (!known) return { code: 'not_found', message: 'There is no such endpoint. The API lives under /v1.' };
  return {
    code: 'method_not_allowed',
    message: `Use ${known.methods.join(' or ')} for this endpoint.`,
    allow: [...known.methods],
  };
}

function pathOf(url: string): string {
  return url.split('?', 1)[0] ?? '';
}
