import type { DispatchError } from '@orgn/api';

const endpoints = [
  { path: /^\/v1\/chat\/completions\/?$/, methods: ['POST'] },
  { path: /^\/v1\/models(\/[^/]+)?\/?$/, methods: ['GET', 'HEAD'] },
  { path: /^\/v1\/key\/?$/, methods: ['GET', 'HEAD'] },
  { path: /^\/v1\/key\/revoke\/?$/, methods: ['POST'] },
  { path: /^\/(health|status)\/?$/, methods: ['GET', 'HEAD'] },
];

/** What a path that no handler took gets: 405 with the methods it has, or 404. */
export function unknownEndpoint(url: string): DispatchError {
  const path = url.split('?', 1)[0] ?? '';
  const known = endpoints.find((endpoint) => endpoint.path.test(path));
  if (!known) return { code: 'not_found', message: 'There is no such endpoint. The API lives under /v1.' };
  return {
    code: 'method_not_allowed',
    message: `Use ${known.methods.join(' or ')} for this endpoint.`,
    allow: known.methods,
  };
}
