export type Method = 'GET' | 'HEAD' | 'POST' | 'DELETE';

/** One path of the API host, and what it takes. */
export interface Endpoint {
  /** Its path as the documentation writes it: `/v1/models/{id}`. */
  name: string;
  methods: readonly Method[];
  /** What a body must be declared as. */
  media: 'json' | 'multipart';
  /** It takes no parameters, so that a body says nothing and need not be long. */
  isBare: boolean;
}

/** Where a key is ended by whoever holds it, in whatever state it is. */
export const SURRENDER_PATH = '/v1/key/revoke';

const read: readonly Method[] = ['GET', 'HEAD'];

/** All that the API host answers, in the order in which callers are told of it. */
export const endpoints: readonly Endpoint[] = [
  at('/v1/chat/completions', ['POST']),
  at('/v1/responses', ['POST']),
  at('/v1/responses/input_tokens', ['POST']),
  at('/v1/messages', ['POST']),
  at('/v1/messages/count_tokens', ['POST']),
  at('/v1/completions', ['POST']),
  at('/v1/embeddings', ['POST']),
  at('/v1/rerank', ['POST']),
  at('/v2/rerank', ['POST']),
  at('/v1/audio/transcriptions', ['POST'], 'multipart'),
  at('/v1/models', read),
  // Ids with slashes are not ours, but the caller should learn that from the catalogue.
  at('/v1/models/{id}', read),
  at('/v1/key', read),
  at('/v1/credits', read),
  bare(at(SURRENDER_PATH, ['POST'])),
  bare(at('/v1/responses/{id}', ['GET', 'HEAD', 'DELETE'])),
  at('/v1/responses/{id}/input_items', read),
  bare(at('/v1/responses/{id}/cancel', ['POST'])),
  at('/v1/receipts/keys', read),
  at('/v1/receipts/{id}', read),
  at('/v1/receipts/{id}/bundle', read),
  at('/v1/signature/{id}', read),
  at('/v1/attestation/report', read),
  at('/v1/attestation/sessions/{id}', read),
  at('/v1/transparency/checkpoint', read),
  at('/v1/transparency/tile/{id}', read),
  at('/health', read),
  at('/status', read),
];

const byName = new Map(endpoints.map((endpoint) => [endpoint.name, endpoint]));
const patterns = endpoints.map((endpoint) => ({ endpoint, pattern: toPattern(endpoint.name) }));

function at(name: string, methods: readonly Method[], media: Endpoint['media'] = 'json'): Endpoint {
  return { name, methods, media, isBare: false };
}

function bare(endpoint: Endpoint): Endpoint {
  return { ...endpoint, isBare: true };
}

function toPattern(name: string): RegExp {
  const parameter = /^\/v1\/(models|transparency)\//.test(name) ? '.+' : '[^/]+';
  return new RegExp(`^${name.replace('{id}', parameter)}/?$`);
}

/** The endpoint that a URL names, whatever its query. */
export function endpointAt(url: string): Endpoint | undefined {
  const path = pathOf(url);
  return byName.get(path) ?? patterns.find(({ pattern }) => pattern.test(path))?.endpoint;
}

/** What anybody may read: keys that verify receipts, and the log of their digests. */
const open = /^\/v1\/(receipts\/keys|transparency\/)/;

/** Whether what has this name is part of the API, and takes a key. */
export function isApiPath(name: string): boolean {
  return /^\/v\d\//.test(name) && !open.test(name);
}

/** Methods for an `allow` header; of no endpoint in particular: all there are. */
export function allowedMethods(endpoint: Endpoint | undefined): readonly Method[] {
  return endpoint?.methods ?? ['GET', 'HEAD', 'POST', 'DELETE'];
}

/** A URL without its query. */
export function pathOf(url: string): string {
  return url.split('?', 1)[0] ?? '';
}
