import { fromBase64, toHex } from '../bytes/bytes.ts';
import type { Check } from '../checks/check.ts';
import { judged, notMade } from '../checks/judge.ts';
import { readCertificate } from '../der/certificate.ts';
import { certificatesOfPem } from '../der/pem.ts';
import type { SessionEvidence } from '../evidence/evidence.ts';
import type { Verification } from '../policy/verification.ts';
import type { Report } from '../reports/report.ts';

export interface JudgedTls {
  readonly checks: readonly Check[];
  /** Of the keys that the quote names, the one of the connection; the first where nobody saw the connection. */
  readonly spkiSha256: string | null;
}

/** Whether the connection that the report came over ends in a key that the quote names. @throws Malformed */
export function tlsChecks(
  evidence: SessionEvidence,
  report: Report,
  named: readonly string[],
  given: Verification,
): JudgedTls {
  if (named.length === 0) {
    return { checks: notMade(['tls_spki'], 'the quote names no TLS key'), spkiSha256: null };
  }
  const shown = report.tlsCertificate === null ? null : shownSpki(report.tlsCertificate, given);
  if (shown !== null && !named.includes(shown)) {
    return {
      checks: [judged('tls_bound', 'hardware_proven', 'the certificate shown has another key', '')],
      spkiSha256: null,
    };
  }
  return peerCheck(evidence.peerSpki, named, { shown, given });
}

interface Known {
  /** The key of the certificate that the report shows; null where it shows none. */
  readonly shown: string | null;
  readonly given: Verification;
}

function peerCheck(peerSpki: string | null, named: readonly string[], { shown, given }: Known): JudgedTls {
  if (peerSpki === null) {
    return { checks: notMade(['tls_spki'], 'nobody saw the connection'), spkiSha256: shown ?? named[0] ?? null };
  }
  const live = toHex(given.crypto.sha256(fromBase64(peerSpki)));
  const fault = named.includes(live) ? null : 'the TLS peer holds another key than the quote names';
  const check = judged('tls_spki', 'hardware_proven', fault, `the TLS peer holds ${live}`);
  return { checks: [check], spkiSha256: fault === null ? live : null };
}

function shownSpki(pem: string, { crypto }: Verification): string {
  const [leaf = new Uint8Array()] = certificatesOfPem(pem);
  return toHex(crypto.sha256(readCertificate(leaf).spki));
}
