import { hash, randomBytes } from 'node:crypto';
import type { Enclave } from '../enclave/enclave.ts';
import { digestReportData } from './report-data.ts';

/** A report of Chutes, as a gateway in front of several kinds of provider passes it on: its nonce is the server's own. */
export function chutesReport(enclave: Enclave): object {
  const nonce = randomBytes(32).toString('hex');
  const e2ePubkey = randomBytes(1_184).toString('base64');
  const bound = `${nonce}${e2ePubkey}`;
  const instance = {
    instance_id: enclave.guest.instanceId,
    nonce,
    e2e_pubkey: e2ePubkey,
    intel_quote: enclave.quote(digestReportData(bound)).toString('base64'),
    gpu_evidence: enclave.gpus.evidence(hash('sha256', bound, 'buffer')),
  };
  return { attestation_type: 'chutes', nonce, all_attestations: [instance] };
}
