import { equalBytes, fromHex } from '../bytes/bytes.ts';
import { Malformed } from '../bytes/malformed.ts';
import { judged, notMade } from '../checks/judge.ts';
import type { Check } from '../checks/check.ts';
import { readCertificate, type Certificate } from '../der/certificate.ts';
import { verifyChain } from '../der/chain.ts';
import { readRevocationList, type RevocationList } from '../der/crl.ts';
import { certificatesOfPem } from '../der/pem.ts';
import { isSignedBy } from '../der/signature-algorithms.ts';
import type { QuoteCollateral } from '../evidence/evidence.ts';
import type { Verification } from '../policy/verification.ts';

/** The certificates that must not be revoked. The quote's chain is verified: PCK certificate, its authority, the root. */
export interface ToRevoke {
  readonly pck: Certificate;
  readonly authority: Certificate;
  readonly root: Certificate;
  readonly signers: readonly Certificate[];
}

const lists = ['crl_signature', 'crl_time', 'pck_revocation'] as const;

/**
 * The revocation lists, which the quote library takes unread: that both are there, signed by the very authorities whose
 * certificates they revoke, and current; then the serial numbers.
 */
export async function revocationChecks(of: ToRevoke, from: QuoteCollateral, given: Verification): Promise<Check[]> {
  let rootList: RevocationList;
  let pckList: RevocationList;
  try {
    rootList = readRevocationList(fromHex(from.root_ca_crl));
    pckList = readRevocationList(fromHex(from.pck_crl));
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    const why = `a revocation list is missing or cannot be read: ${error.message}`;
    return [judged('crl_present', 'verifier_derived', why, ''), ...notMade(lists, why)];
  }
  const fault = await signatureFault({ of, rootList, pckList }, from, given);
  return [
    judged('crl_present', 'verifier_derived', null, 'root list and PCK list are there'),
    judged('crl_signature', 'verifier_derived', fault, 'each is signed by the authority whose certificates it revokes'),
    timeCheck([rootList, pckList], given.at),
    serialCheck(of, rootList, pckList),
  ];
}

interface Lists {
  readonly of: ToRevoke;
  readonly rootList: RevocationList;
  readonly pckList: RevocationList;
}

async function signatureFault(all: Lists, from: QuoteCollateral, given: Verification): Promise<string | null> {
  const { of, rootList, pckList } = all;
  try {
    if (!equalBytes(rootList.issuer, of.root.subject)) return "the root's list is of another issuer";
    if (!equalBytes(pckList.issuer, of.pck.issuer)) return "the PCK list is not of the PCK certificate's issuer";
    if (!(await isSignedBy(rootList, of.root.key, given.crypto))) return "the root's list is not signed by the root";
    if (!(await isSignedBy(pckList, of.authority.key, given.crypto))) return 'the PCK list is not signed by its issuer';
    const chain = certificatesOfPem(from.pck_crl_issuer_chain).map(readCertificate);
    const verdict = await verifyChain(chain, { anchors: given.roots.intel, at: given.at, crypto: given.crypto });
    return verdict.good ? null : `the chain of the PCK list's issuer: ${verdict.why}`;
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    return error.message;
  }
}

function timeCheck(both: readonly RevocationList[], at: number): Check {
  const until = new Date(Math.min(...both.map((one) => one.nextUpdate))).toISOString();
  const isStale = both.some((one) => at > one.nextUpdate);
  const isEarly = both.some((one) => at < one.thisUpdate);
  const fault = isStale ? `a revocation list ran out at ${until}` : isEarly ? 'a revocation list is of later' : null;
  return judged('crl_time', 'verifier_derived', fault, `current until ${until}`);
}

function serialCheck({ pck, authority, signers }: ToRevoke, rootList: RevocationList, pckList: RevocationList): Check {
  const fault = pckList.revoked.has(pck.serial)
    ? "the machine's PCK certificate is revoked"
    : rootList.revoked.has(authority.serial)
      ? 'the authority of the PCK certificate is revoked'
      : signers.some((signer) => rootList.revoked.has(signer.serial))
        ? "a signer of Intel's statements is revoked"
        : null;
  const good = `not among ${rootList.revoked.size + pckList.revoked.size} revoked certificates`;
  return judged('pck_revocation', 'verifier_derived', fault, good);
}
