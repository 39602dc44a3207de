import { toHex } from '../bytes/bytes.ts';
import { Malformed, orMalformed } from '../bytes/malformed.ts';
import { derBits, derChildren, derElement, derOid, derTag, derTime, expectTag, type DerElement } from './der.ts';
import type { SignedDer } from './signature-algorithms.ts';

/** A list of revoked certificates (RFC 5280, section 5). */
export interface RevocationList extends SignedDer {
  readonly issuer: Uint8Array;
  /** Milliseconds since 1970. */
  readonly thisUpdate: number;
  readonly nextUpdate: number;
  /** Serial numbers as lower-case hex of their bytes. */
  readonly revoked: ReadonlySet<string>;
}

const largestList = 1_048_576;
const mostRevoked = 50_000;

/** @throws Malformed, also for a list that never becomes old: who cannot be stale cannot be trusted to be current. */
export function readRevocationList(der: Uint8Array): RevocationList {
  if (der.length > largestList) throw new Malformed('a revocation list that is too large');
  return orMalformed('a revocation list that cannot be read', () => parse(der));
}

const isTime = (element: DerElement | undefined): boolean =>
  element?.tag === derTag.utcTime || element?.tag === derTag.generalizedTime;

function parse(der: Uint8Array): RevocationList {
  const [tbs, algorithm, bits] = derChildren(derElement(der, derTag.sequence), derTag.sequence);
  const fields = derChildren(tbs, derTag.sequence);
  const first = fields[0]?.tag === derTag.integer ? 1 : 0;
  const [inner, issuer, thisUpdate, nextUpdate, entries] = fields.slice(first);
  if (!isTime(nextUpdate)) throw new Malformed('a revocation list without an end');
  const algorithmId = derOid(derChildren(algorithm, derTag.sequence)[0]);
  if (derOid(derChildren(inner, derTag.sequence)[0]) !== algorithmId) throw new Malformed('two signature algorithms');
  return {
    signed: expectTag(tbs, derTag.sequence).whole,
    algorithm: algorithmId,
    signature: derBits(bits),
    issuer: expectTag(issuer, derTag.sequence).whole,
    thisUpdate: derTime(thisUpdate),
    nextUpdate: derTime(nextUpdate),
    revoked: entries?.tag === derTag.sequence ? serialsOf(entries) : new Set(),
  };
}

function serialsOf(entries: DerElement): Set<string> {
  const serials = new Set<string>();
  for (const entry of derChildren(entries, derTag.sequence, mostRevoked)) {
    serials.add(toHex(expectTag(derChildren(entry, derTag.sequence)[0], derTag.integer).content));
  }
  return serials;
}
