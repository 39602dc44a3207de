import { authorityKey, extension, signatureAlgorithms, toName, type Issuer } from './certificate.ts';
import { bits, integer, sequence, tagged, time } from './der.ts';
import type { SigningKey } from './signing-key.ts';

export interface RevocationListParts {
  readonly issuer: Issuer;
  readonly from: Date;
  readonly until: Date;
  /** Serial numbers of what was revoked. */
  readonly revoked?: readonly Uint8Array[];
  /** Signs in the issuer's place: a forgery. */
  readonly signedBy?: SigningKey;
}

/** A certificate revocation list of version 2, in DER. */
export function makeRevocationList({ issuer, from, until, revoked = [], signedBy }: RevocationListParts): Buffer {
  const algorithm = signatureAlgorithms[issuer.key.curve];
  const entries = revoked.map((serial) => sequence(integer(serial), time(from)));
  const body = sequence(
    integer(1),
    algorithm,
    toName(issuer.name),
    time(from),
    time(until),
    ...(entries.length > 0 ? [sequence(...entries)] : []),
    tagged(0, sequence(authorityKey(issuer.key.spki), extension('2.5.29.20', integer(1)))),
  );
  return sequence(body, algorithm, bits((signedBy ?? issuer.key).sign(body)));
}
