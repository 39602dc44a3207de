import { GPU_LEASE_MS, type LeasedGpus, type SessionEvidence } from '@orgn/attestation';

const MOST_MACHINES = 64;
/** Ten times as long as the rest of a verification counts, and fifty minutes at most. */
const LONGER = 10;

/**
 * What machines have proven of their GPUs, by the TLS key that they were spoken to by. It is most of what a report weighs and
 * what NVIDIA is asked about, and counts longer than the rest.
 */
export class GpuLeases {
  readonly #kept = new Map<string, LeasedGpus>();

  /** @param maxAgeMs how long a verification counts */
  constructor(private readonly maxAgeMs: number) {}

  /** Evidence that shows GPUs, while it counts. */
  of(peerSpki: string | null): LeasedGpus | undefined {
    const lease = peerSpki === null ? undefined : this.#kept.get(peerSpki);
    return lease && Date.now() - lease.at < Math.min(GPU_LEASE_MS, LONGER * this.maxAgeMs) ? lease : undefined;
  }

  /** A verification with all that it rests on was good. @param at in milliseconds since 1970 */
  note(evidence: SessionEvidence, at: number): void {
    if (evidence.peerSpki === null || evidence.nras === null) return;
    if (this.#kept.size >= MOST_MACHINES) this.#kept.clear();
    this.#kept.set(evidence.peerSpki, { at, evidence });
  }

  drop(peerSpki: string | null): void {
    if (peerSpki !== null) this.#kept.delete(peerSpki);
  }

  clear(): void {
    this.#kept.clear();
  }
}

/**
 * A report of NEAR's or dstack's form without its evidence of GPUs and the copy of itself that it carries; the quote is not over them.
 * @returns undefined for what has none
 */
export function withoutGpus(report: string): string | undefined {
  const parsed = parsedOrNull(report);
  if (parsed === null || typeof parsed.nvidia_payload !== 'string' || parsed.nvidia_payload === '') return undefined;
  const { all_attestations: _copies, ...rest } = parsed;
  return JSON.stringify({ ...rest, nvidia_payload: '' });
}

function parsedOrNull(json: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'object' && !Array.isArray(value) ? (value as Record<string, unknown> | null) : null;
  } catch {
    return null;
  }
}
