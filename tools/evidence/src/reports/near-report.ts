import type { SigningAlgorithm } from '../enclave/answer-keys.ts';
import type { Enclave } from '../enclave/enclave.ts';
import type { Fault } from '../faults.ts';
import { dstackInfo, eventLogUnder } from './dstack-info.ts';
import { gpuPayload } from './gpu-payload.ts';
import { nonceUnder } from './nonce.ts';
import { plainReportData, tlsReportData } from './report-data.ts';

/** What a report was asked for with. */
export interface ReportQuestion {
  /** 64 hex characters. */
  readonly nonce: string;
  readonly algorithm: SigningAlgorithm;
  /** SHA-256 (hex) of the SubjectPublicKeyInfo of the TLS key; undefined leaves it out of the quote. */
  readonly tlsSpkiSha256?: string | undefined;
  readonly fault?: Fault | undefined;
}

/** `GET /v1/attestation/report` as NEAR's direct completions answer it. */
export function nearReport(enclave: Enclave, question: ReportQuestion): object {
  const { algorithm, tlsSpkiSha256 } = question;
  return {
    model_name: enclave.model,
    signing_algo: algorithm,
    ...signedReport(enclave, question),
    ...(tlsSpkiSha256 !== undefined && { tls_cert_fingerprint: tlsSpkiSha256 }),
  };
}

/** The members that dstack's proxies have in common. */
export function signedReport(enclave: Enclave, { nonce, algorithm, tlsSpkiSha256, fault }: ReportQuestion): object {
  const bound = nonceUnder(fault, nonce);
  const address = enclave.keys.addressBytes(algorithm);
  const reportData =
    tlsSpkiSha256 === undefined
      ? plainReportData(address, bound)
      : tlsReportData(address, Buffer.from(tlsSpkiSha256, 'hex'), bound);
  const guest = enclave.guestUnder(fault);
  const events = eventLogUnder(fault, guest);
  const named = enclave.keysUnder(fault);
  return {
    signing_address: named.address(algorithm),
    signing_public_key: named.publicKey(algorithm),
    request_nonce: nonce,
    intel_quote: enclave.quote(reportData, fault).toString('hex'),
    nvidia_payload: JSON.stringify(gpuPayload(enclave, bound, fault)),
    event_log: events,
    info: dstackInfo(guest, events),
  };
}
