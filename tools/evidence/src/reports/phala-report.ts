import type { Enclave } from '../enclave/enclave.ts';
import { signedReport, type ReportQuestion } from './near-report.ts';

/** `GET /v1/attestation/report` as dstack's vLLM proxy answers it, which self-hosted models of Phala speak. */
export function phalaReport(enclave: Enclave, question: ReportQuestion): object {
  const report = signedReport(enclave, question);
  const { tlsSpkiSha256 } = question;
  const tls = tlsSpkiSha256 === undefined ? {} : { tls_cert_fingerprint: tlsSpkiSha256 };
  const whole = { signing_algo: question.algorithm, ...report, ...tls };
  return { ...whole, all_attestations: [whole] };
}
