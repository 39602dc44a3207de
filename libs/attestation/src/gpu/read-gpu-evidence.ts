import { fromBase64, fromHex, fromUtf8, toHex, type Bytes } from '../bytes/bytes.ts';
import { list, optionalText, record, text, type JsonRecord } from '../bytes/json.ts';
import { Malformed } from '../bytes/malformed.ts';
import type { GpuEvidence, GpuReport } from './gpu-evidence.ts';

const mostGpus = 32;
const largestExchange = 65_536;

function gpuOf(value: unknown): GpuReport {
  const gpu = record(value, 'a GPU');
  const exchange: Bytes = fromBase64(text(gpu.evidence, 'evidence'));
  if (exchange.length > largestExchange) throw new Malformed('evidence of a GPU that is too large');
  return { certificates: fromUtf8(fromBase64(text(gpu.certificate, 'certificate'))), exchange };
}

/**
 * NVIDIA's payload: `evidence_list`, or `evidences`, of base64 certificates and base64 evidence.
 * @param stated how many GPUs the machine is said to have
 * @throws Malformed
 */
export function readGpuEvidence(payload: JsonRecord, stated: number | null = null): GpuEvidence {
  const gpus = list(payload.evidence_list ?? payload.evidences, 'evidence_list', mostGpus);
  const [first] = gpus;
  const arch = payload.arch ?? (first === undefined ? null : record(first, 'a GPU').arch);
  const nonce = optionalText(payload.nonce, 'nonce');
  return {
    stated,
    list: gpus,
    gpus: gpus.map(gpuOf),
    arch: optionalText(arch, 'arch')?.slice(0, 40) ?? null,
    nonce: nonce === null ? null : toHex(fromHex(nonce)),
  };
}
