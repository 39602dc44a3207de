import { hash } from 'node:crypto';
import type { Enclave } from '../enclave/enclave.ts';
import type { Fault } from '../faults.ts';
import { canonical } from './canonical.ts';
import { eventLogUnder } from './dstack-info.ts';
import { gpuPayload } from './gpu-payload.ts';
import { nonceUnder } from './nonce.ts';
import { digestReportData } from './report-data.ts';

export interface AciQuestion {
  readonly nonce: string;
  readonly domain: string;
  readonly tlsSpkiSha256: string;
  /** Seconds since 1970. */
  readonly notAfter: number;
  readonly fault?: Fault | undefined;
}

/** `GET /v1/aci/attestation`, in the form of Confidential AI's interface `aci/1`. */
export function aciReport(enclave: Enclave, question: AciQuestion): object {
  const { fault } = question;
  const keyset = keysetOf(enclave, question);
  const keysetDigest = `sha256:${hash('sha256', canonical(keyset))}`;
  const bound = nonceUnder(fault, question.nonce);
  const purpose = 'aci.report_data.v1';
  const reportData = digestReportData(
    canonical({ keyset_digest: keysetDigest, nonce: bound.toString('hex'), purpose }),
  );
  const guest = enclave.guestUnder(fault);
  return {
    api_version: 'aci/1',
    workload_keyset_digest: keysetDigest,
    attestation: {
      tee_type: 'tdx',
      workload_keyset: keyset,
      report_data: reportData.toString('hex'),
      source_provenance: { repo_url: null, repo_commit: null, image_digest: null, image_provenance: null },
      evidence: {
        quote: enclave.quote(reportData, fault).toString('hex'),
        quote_report_data: reportData.toString('hex'),
        event_log: eventLogUnder(fault, guest),
        app_compose: guest.appCompose,
        vm_config: guest.vmConfig,
        key_custody: null,
        nvidia_payload: JSON.stringify(gpuPayload(enclave, bound, fault)),
      },
    },
    service_capabilities: { supported_e2ee_versions: [], serving: ['chat_completions'] },
  };
}

/** The keys that speak for the workload, with the end of their time. */
function keysetOf(enclave: Enclave, { domain, tlsSpkiSha256, notAfter, fault }: AciQuestion): object {
  const signer = enclave.keysUnder(fault).publicKey('ed25519');
  return {
    subject: `dstack-app://${enclave.guest.appId}`,
    not_after: notAfter,
    receipt_signing_keys: [{ key_id: 'receipt-1', algo: 'ed25519', public_key: signer }],
    e2ee_public_keys: [],
    tls_public_keys: [{ domain, spki_sha256: tlsSpkiSha256 }],
  };
}
