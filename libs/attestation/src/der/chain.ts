import { equalBytes, fromBase64 } from '../bytes/bytes.ts';
import type { Crypto } from '../crypto/crypto-port.ts';
import type { TrustAnchor } from '../policy/trust-roots.ts';
import { readCertificate, type Certificate } from './certificate.ts';
import { isSignedBy } from './signature-algorithms.ts';

export type ChainVerdict =
  | { readonly good: true; readonly anchor: TrustAnchor; readonly root: Certificate }
  | { readonly good: false; readonly why: string };

export interface ChainRules {
  readonly anchors: readonly TrustAnchor[];
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly crypto: Crypto;
  /** Critical extensions that whoever asks knows; any other critical one refuses. */
  readonly known?: readonly string[];
}

const bad = (why: string): ChainVerdict => ({ good: false, why });

/**
 * Whether a chain (leaf first, root last or left out) ends in one of the anchors: each certificate signed by the next, which is
 * an authority, all of them valid at the time. A root that came along counts only when it is an anchor, byte by byte.
 */
export async function verifyChain(chain: readonly Certificate[], rules: ChainRules): Promise<ChainVerdict> {
  const last = chain.at(-1);
  if (!last) return bad('the chain is empty');
  const anchor = anchorOf(last, rules.anchors);
  if (!anchor) return bad('the chain does not end in a pinned root');
  const root = readCertificate(fromBase64(anchor.der));
  const path = equalBytes(root.der, last.der) ? chain : [...chain, root];
  const fault =
    path.map((certificate, index) => faultOf(certificate, index, rules)).find((one) => one !== null) ??
    (await signatureFault(path, rules.crypto));
  return fault === null ? { good: true, anchor, root } : bad(fault);
}

async function signatureFault(path: readonly Certificate[], crypto: Crypto): Promise<string | null> {
  for (const [index, certificate] of path.entries()) {
    const issuer = path[index + 1];
    if (!issuer) break;
    if (!equalBytes(certificate.issuer, issuer.subject)) return 'a certificate names another issuer than its chain';
    if (!(await isSignedBy(certificate, issuer.key, crypto))) return 'a certificate is not signed by its issuer';
  }
  return null;
}

/** The anchor that a chain's last certificate is, or else the one that it says to be issued by. */
function anchorOf(last: Certificate, anchors: readonly TrustAnchor[]): TrustAnchor | undefined {
  const made = anchors.map((anchor) => ({ anchor, certificate: readCertificate(fromBase64(anchor.der)) }));
  const same = made.find(({ certificate }) => equalBytes(certificate.der, last.der));
  return (same ?? made.find(({ certificate }) => equalBytes(certificate.subject, last.issuer)))?.anchor;
}

function faultOf(certificate: Certificate, index: number, { at, known = [] }: ChainRules): string | null {
  if (at < certificate.notBefore) return 'a certificate is not valid yet';
  if (at > certificate.notAfter) return 'a certificate is not valid any more';
  if (certificate.unknownCritical.some((oid) => !known.includes(oid)))
    return 'a certificate has an unknown critical extension';
  if (index === 0) return null;
  if (!certificate.authority) return 'a certificate in the middle is no authority';
  return certificate.authority.pathLength < index - 1 ? 'a chain is longer than an authority allows' : null;
}
