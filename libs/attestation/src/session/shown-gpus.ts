import { toHex } from '../bytes/bytes.ts';
import type { Check } from '../checks/check.ts';
import { gpuChecks } from '../gpu/gpu-checks.ts';
import type { Verification } from '../policy/verification.ts';
import { readReport } from '../reports/read-report.ts';
import type { ReportPart } from '../reports/report.ts';
import { readQuote } from '../tdx/quote.ts';

/** What GPUs of a part may have been asked with, in hex: our nonce, or where the quote's first half is a hash over it, that. */
export function noncesOf({ binding }: ReportPart, nonce: string, reportData: Uint8Array): string[] {
  return [nonce, ...(binding.kind === 'address' ? [] : [toHex(reportData.subarray(0, 32))])];
}

/**
 * The GPUs that a report shows, by their own signatures alone. It costs milliseconds and asks nobody, so it can be looked at with every
 * report, while NVIDIA's word counts for longer.
 * @returns no check where the report shows no evidence of GPUs @throws Malformed
 */
export async function shownGpuChecks(report: string, nonce: string, given: Verification): Promise<Check[]> {
  const { parts } = readReport(report, given.crypto);
  const judged = parts.map(async (part) => {
    if (part.gpus === null) return [];
    const nonces = noncesOf(part, nonce, readQuote(part.quote).report.reportData);
    return (await gpuChecks(part.gpus, nonces, given)).checks;
  });
  return (await Promise.all(judged)).flat();
}
