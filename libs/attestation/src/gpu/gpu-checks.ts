import { toHex } from '../bytes/bytes.ts';
import { Malformed } from '../bytes/malformed.ts';
import type { CheckId } from '../checks/check-ids.ts';
import type { Check } from '../checks/check.ts';
import { judged, notMade } from '../checks/judge.ts';
import { readCertificate } from '../der/certificate.ts';
import { verifyChain } from '../der/chain.ts';
import { certificatesOfPem } from '../der/pem.ts';
import type { TrustAnchor } from '../policy/trust-roots.ts';
import type { Verification } from '../policy/verification.ts';
import type { GpuEvidence, GpuReport } from './gpu-evidence.ts';
import { readSpdmExchange } from './spdm.ts';

export const gpuIds: readonly CheckId[] = ['gpu_evidence', 'gpu_nonce', 'gpu_count'];

interface ProvenGpu {
  readonly fault: string | null;
  readonly nonce: string | null;
  readonly device: string | null;
  readonly anchor: TrustAnchor | null;
}

/** Extensions of the TCG's that device certificates mark as critical; they name layers of firmware, which NRAS judges. */
const dice = ['2.23.133.5.4.1', '2.23.133.5.4.4', '2.23.133.5.4.5'];

async function prove({ certificates, exchange }: GpuReport, given: Verification): Promise<ProvenGpu> {
  const nothing = { nonce: null, device: null, anchor: null };
  try {
    const chain = certificatesOfPem(certificates).map(readCertificate);
    const [leaf] = chain;
    const { nonce, signed, signature } = readSpdmExchange(exchange);
    const { roots, at, crypto } = given;
    const verdict = await verifyChain(chain, { anchors: roots.nvidiaDevice, at, crypto, known: dice });
    if (!leaf || !verdict.good) return { ...nothing, nonce, fault: verdict.good ? 'no certificate' : verdict.why };
    const isSigned =
      leaf.key.kind === 'p384' &&
      (await crypto.verify({ scheme: 'ecdsa-p384-sha384', key: leaf.key.raw, signature, signed }));
    const fault = isSigned ? null : 'its report is not signed by its certificate';
    return { fault, nonce, device: toHex(crypto.sha256(leaf.spki)), anchor: verdict.anchor };
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    return { ...nothing, fault: error.message };
  }
}

export interface JudgedGpus {
  readonly checks: readonly Check[];
  readonly count: number;
  readonly anchors: readonly TrustAnchor[];
}

/**
 * The evidence of GPUs by NVIDIA's device certificates alone: that they are genuine and answered to our nonce. That their
 * firmware is good is what NRAS says.
 * @param nonces what a GPU may have been asked with, hex: our nonce, or the hash that binds it to the quote
 */
export async function gpuChecks(
  evidence: GpuEvidence | null,
  nonces: readonly string[],
  given: Verification,
): Promise<JudgedGpus> {
  if (evidence === null) {
    const why = 'the report holds no evidence of GPUs';
    const counted = countCheck({ count: 0, distinct: 0, stated: null }, given);
    return { checks: [...notMade(['gpu_evidence', 'gpu_nonce'], why), counted], count: 0, anchors: [] };
  }
  const proven = await Promise.all(evidence.gpus.map((gpu) => prove(gpu, given)));
  const fault = proven.find((gpu) => gpu.fault !== null)?.fault ?? null;
  const count = proven.length;
  const isOurs = proven.every(({ nonce }) => nonce !== null && nonces.includes(nonce));
  const isStated = evidence.nonce === null || nonces.includes(evidence.nonce);
  const nonceFault = isOurs && isStated ? null : "a GPU's report is for another nonce than ours";
  const devices = new Set(proven.map(({ device }) => device));
  const found = count === 0 ? 'there is no GPU' : fault;
  return {
    checks: [
      judged('gpu_evidence', 'hardware_proven', found, `${count} GPUs of NVIDIA, each signed for itself`),
      judged('gpu_nonce', 'hardware_proven', nonceFault, 'each GPU answered to our nonce'),
      countCheck({ count, distinct: devices.size, stated: evidence.stated }, given),
    ],
    count,
    anchors: proven.flatMap(({ anchor }) => anchor ?? []),
  };
}

interface Counted {
  readonly count: number;
  readonly distinct: number;
  readonly stated: number | null;
}

function countFault({ count, distinct, stated }: Counted, { policy }: Verification): string | null {
  const { minimum, exactly } = policy.gpus;
  if (distinct !== count) return 'a GPU is shown twice';
  if (stated !== null && stated !== count) return `${count} GPUs are shown of ${stated} that the machine has`;
  return count < minimum || (exactly !== null && count !== exactly) ? `there are ${count} GPUs` : null;
}

const countCheck = (counted: Counted, given: Verification): Check =>
  judged('gpu_count', 'hardware_proven', countFault(counted, given), `${counted.count} GPUs`);
