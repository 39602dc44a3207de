import { canonicalJson } from '@orgn/attestation';
import type { Bundle, Receipt, Succession } from '@orgn/receipts';
import { gzipText } from '../attestation/gzip-text.ts';
import type { NamedEvidence } from '../archive/contents.repository.ts';

/** Everything that a receipt rests on, as one file: its canonical JSON, compressed, in base64. */
export async function bundleOf(
  receipt: Receipt,
  evidence: readonly NamedEvidence[],
  log: Bundle['log'],
  after?: Succession,
): Promise<string> {
  const contents = evidence.map(({ digest, content }) => [digest, content] as const);
  const bundle: Bundle = {
    format: 'orgn-receipt-bundle/1',
    receipt,
    evidence: Object.fromEntries(contents) as unknown as Bundle['evidence'],
    log,
    ...(after && { after }),
  };
  return gzipText(canonicalJson(bundle));
}
