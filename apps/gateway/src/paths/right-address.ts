import { endpointAt, isApiPath, pathOf, type Endpoint } from './endpoints.ts';

/** Longest path that is worth a guess; what is longer was no slip. */
const MAX_PATH = 512;
const MAX_SEGMENTS = 12;
/** What base URLs have in front that ours has not. */
const prefixes = new Set(['anthropic', 'api', 'compatible-mode', 'openai', 'v1', 'v1beta', 'v2']);

/**
 * The endpoint that a wrong address was meant for: `/v1` left out, written twice or behind another prefix, a slash too
 * many, or an endpoint's whole address taken for the base URL.
 */
export function rightAddress(url: string): Endpoint | undefined {
  const path = pathOf(url).toLowerCase();
  const segments = path.length > MAX_PATH ? [] : path.split('/').filter((segment) => segment !== '');
  if (segments.length > MAX_SEGMENTS) return undefined;
  for (let at = 0; at < segments.length; at += 1) {
    const rest = `/${segments.slice(at).join('/')}`;
    const meant = apiEndpoint(rest) ?? (isPrefix(segments.slice(0, at)) ? apiEndpoint(`/v1${rest}`) : undefined);
    if (meant) return meant;
  }
  return undefined;
}

function isPrefix(segments: readonly string[]): boolean {
  // Azure's addresses name the model: /openai/deployments/gpt-4o/chat/completions.
  const [first, second] = segments;
  return (
    segments.every((segment) => prefixes.has(segment)) ||
    (first === 'openai' && second === 'deployments' && segments.length === 3) ||
    apiEndpoint(`/${segments.join('/')}`) !== undefined
  );
}

/** `/health` and `/status` are found by people, and need no help. */
function apiEndpoint(path: string): Endpoint | undefined {
  const endpoint = endpointAt(path);
  return endpoint && isApiPath(endpoint.name) ? endpoint : undefined;
}
