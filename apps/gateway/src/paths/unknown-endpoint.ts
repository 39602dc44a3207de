import type { DispatchError } from '@orgn/dialects';
import { endpointAt, endpoints, pathOf } from './endpoints.ts';
import { rightAddress } from './right-address.ts';

/** Endpoints that clients know from elsewhere, and why there is none here. */
const absent: readonly { method: string; path: RegExp; reason: string }[] = [
  {
    method: 'POST',
    path: /^\/v1\/responses\/compact\/?$/,
    reason:
      'There is no /v1/responses/compact: a compacted conversation would have to be kept here, and this gateway retains ' +
      'nothing. Let the client compact the conversation itself, or send all of it to /v1/responses.',
  },
];

const there = endpoints
  .filter(({ name }) => name.startsWith('/v1/') && !name.includes('{'))
  .map(({ methods: [method = 'GET'], name }) => `${method} ${name}`)
  .join(', ');

/** What a path that no handler took gets: 405 with the methods it has, or 404 with the way. */
export function unknownEndpoint({ url, method }: { url: string; method: string }): DispatchError {
  const path = pathOf(url);
  const missing = absent.find((one) => one.method === method && one.path.test(path));
  if (missing) return { code: 'not_found', message: missing.reason };
  const known = endpointAt(path);
  if (!known) return { code: 'not_found', message: wayFrom(path) };
  return {
    code: 'method_not_allowed',
    message: `Use ${known.methods.join(' or ')} for this endpoint.`,
    allow: [...known.methods],
  };
}

function wayFrom(path: string): string {
  const meant = rightAddress(path);
  if (meant) return `There is no such endpoint. The address is ${meant.name}: check the base URL, which ends in /v1.`;
  if (!/^\/v1(\/|$)/.test(path)) return `There is no such endpoint. The API lives under /v1: ${there}.`;
  return `There is no such endpoint. Under /v1 there are: ${there}.`;
}
