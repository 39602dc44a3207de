import { patchLevels } from '@orgn/contracts';

/** What a caller demands of the machine that runs a request, in the header `x-ollm-require`: `tee; gpu; tcb=UpToDate; instance`. */
export interface TeeDemands {
  /** GPUs must be proven, by their own reports and by NVIDIA's service. */
  isGpu: boolean;
  /** The very connection that carries the request must have been attested, not only its key. */
  isInstance: boolean;
  /** The worst patch level that is taken; null leaves it to the deployment's policy. */
  tcb: string | null;
}

export const REQUIRE_HEADER = 'x-ollm-require';

const words = new Set<string>(['tee', 'gpu', 'instance', ...patchLevels.map((level) => `tcb=${level}`)]);

/**
 * Reads the header's value: words between semicolons, each once. Every demand but `tee` says more of the enclave, so all of
 * them demand one.
 * @returns undefined for what is not understood, which must not be ignored
 */
export function readTeeDemands(value: string): TeeDemands | undefined {
  const said = value.split(';').map((word) => word.trim());
  const levels = said.filter((word) => word.startsWith('tcb='));
  const isClear = said.every((word) => words.has(word)) && new Set(said).size === said.length && levels.length < 2;
  if (!isClear) return undefined;
  return {
    isGpu: said.includes('gpu'),
    isInstance: said.includes('instance'),
    tcb: levels[0]?.slice('tcb='.length) ?? null,
  };
}

/** Both at once: whatever either demands. */
export function narrowed(one: TeeDemands | undefined, other: TeeDemands | undefined): TeeDemands | undefined {
  if (!one || !other) return one ?? other;
  const best = patchLevels.find((level) => level === one.tcb || level === other.tcb);
  return { isGpu: one.isGpu || other.isGpu, isInstance: one.isInstance || other.isInstance, tcb: best ?? null };
}
