import type { IncomingHttpHeaders } from 'node:http';
import { ServiceError } from '@orgn/contracts';
import { readTeeDemands, REQUIRE_HEADER } from '@orgn/dialects';

/** Headers that decide something. Node keeps the first of two, another program on the way the last. */
const single = new Set([
  'authorization',
  'content-encoding',
  'content-type',
  'host',
  'idempotency-key',
  'x-api-key',
  'x-ollm-raw',
  'x-ollm-require',
  'x-ollm-strict',
]);

/** Those that say who is calling. */
const keyed = new Set(['authorization', 'x-api-key']);

/** @throws ServiceError `invalid_request` when it is not clear which key a request came with */
export function requireOneKey(rawHeaders: readonly string[]): void {
  requireOnce(rawHeaders, keyed);
}

/** @throws ServiceError `invalid_request` when a header that decides something was sent twice, or none says which host */
export function requireClear(rawHeaders: readonly string[]): void {
  if (!requireOnce(rawHeaders, single).has('host')) throw invalid('The header "host" is missing.', 'host');
}

/** @returns those that were sent */
function requireOnce(rawHeaders: readonly string[], names: ReadonlySet<string>): Set<string> {
  const seen = new Set<string>();
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at]?.toLowerCase() ?? '';
    if (!names.has(name)) continue;
    if (seen.has(name)) throw invalid(`The header "${name}" was sent twice.`, name);
    seen.add(name);
  }
  return seen;
}

/** What a caller demands and wishes in headers of ours. */
export interface CallerDemands {
  /** Nothing but a model that runs in a TEE will do; the header as it was sent, which the router reads too. */
  teeRequired: string | undefined;
  /** The provider's answer is wanted unedited. */
  isRaw: boolean;
  /** Members that are not known are to be refused, whatever the deployment does of them. */
  isStrict: boolean;
  /** Names this work: it must not be done twice. */
  idempotencyKey: string | undefined;
}

/** @throws ServiceError `invalid_request`: a demand that is not understood must not be ignored */
export function demandsOf(headers: IncomingHttpHeaders): CallerDemands {
  return {
    teeRequired: teeRequired(headers[REQUIRE_HEADER]),
    isRaw: choice(headers, 'x-ollm-raw', { true: true, false: false }) ?? false,
    isStrict: choice(headers, 'x-ollm-strict', { true: true, false: false }) ?? false,
    idempotencyKey: idempotencyKeyOf(headers['idempotency-key']),
  };
}

function teeRequired(value: string | string[] | undefined): string | undefined {
  if (value === undefined) return undefined;
  if (typeof value === 'string' && readTeeDemands(value)) return value;
  const form = '"tee", "gpu", "instance" and "tcb=UpToDate" (or another patch level), between semicolons';
  throw invalid(`The header "${REQUIRE_HEADER}" may say ${form}.`, REQUIRE_HEADER);
}

function choice<T>(headers: IncomingHttpHeaders, name: string, choices: Readonly<Record<string, T>>): T | undefined {
  const value = headers[name];
  if (value === undefined) return undefined;
  if (typeof value === 'string' && Object.hasOwn(choices, value)) return choices[value];
  const known = Object.keys(choices).map((word) => `"${word}"`);
  throw invalid(`The header "${name}" must be ${known.join(' or ')}.`, name);
}

function idempotencyKeyOf(value: string | string[] | undefined): string | undefined {
  if (value === undefined) return undefined;
  if (typeof value === 'string' && /^[\x21-\x7e]{1,255}$/.test(value)) return value;
  throw invalid('An idempotency key has 1 to 255 printable ASCII characters.', 'idempotency-key');
}

function invalid(message: string, param: string): ServiceError {
  return new ServiceError('invalid_request', message, { param });
}
