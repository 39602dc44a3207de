import type { Enclave } from '../enclave/enclave.ts';
import type { Fault } from '../faults.ts';
import type { NvidiaPayload } from '../nvidia/nras.ts';

/** What NVIDIA's service is asked about: the evidence of each GPU, for one nonce. */
export function gpuPayload(enclave: Enclave, nonce: Buffer, fault?: Fault): NvidiaPayload {
  const evidence = enclave.gpus.evidence(nonce);
  return {
    nonce: nonce.toString('hex'),
    arch: enclave.gpus.arch,
    evidence_list: fault === 'wrong_gpu_count' ? evidence.slice(1) : evidence,
  };
}
