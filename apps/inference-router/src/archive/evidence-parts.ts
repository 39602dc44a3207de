import { createHash } from 'node:crypto';
import { canonicalJson, type SessionEvidence } from '@orgn/attestation';
import { z } from 'zod';
import { contentOf, type Content } from './content.ts';

const digest = z.string().regex(/^[0-9a-f]{64}$/);

/** Evidence as it is kept: what many sessions share stands beside it, by its digest in hex. */
const kept = z.object({
  report: z.string(),
  nonce: z.string(),
  peerSpki: z.string().nullable(),
  collateral: z.array(digest),
  nras: z.object({ response: z.string(), jwks: digest }).nullable(),
  /** An earlier report that shows the GPUs: evidence itself. */
  gpus: z.object({ at: z.number(), evidence: digest }).optional(),
});

/**
 * Intel's statements and NVIDIA's key set are the same for hours, and what shows a machine's GPUs for fifty minutes, whatever session they
 * came with: they are kept once.
 * @param named `sha256:` and the hex digest of the evidence's canonical JSON
 */
export function toParts(named: string, evidence: SessionEvidence): Content[] {
  const { report, nonce, peerSpki, gpus } = evidence;
  const collateral = evidence.collateral.map((one) => contentOf(canonicalJson(one)));
  const nras = nrasParts(evidence.nras);
  const body = {
    ...{ report, nonce, peerSpki, nras: nras.kept },
    collateral: collateral.map((part) => part.digest.toString('hex')),
    ...(gpus && { gpus: { at: gpus.at, evidence: nameOf(gpus.evidence) } }),
  };
  const whole = { digest: Buffer.from(named.slice('sha256:'.length), 'hex'), text: JSON.stringify(body) };
  const earlier = gpus ? toParts(`sha256:${nameOf(gpus.evidence)}`, gpus.evidence) : [];
  return [whole, ...collateral, ...nras.parts, ...earlier];
}

function nrasParts(nras: SessionEvidence['nras']): { kept: z.input<typeof kept>['nras']; parts: Content[] } {
  if (nras === null) return { kept: null, parts: [] };
  const jwks = contentOf(nras.jwks);
  return { kept: { response: nras.response, jwks: jwks.digest.toString('hex') }, parts: [jwks] };
}

/** What evidence names beside itself. */
export function partsNamed(body: string): { texts: string[]; evidence: string[] } {
  const { collateral, nras, gpus } = kept.parse(JSON.parse(body));
  return { texts: [...collateral, ...(nras ? [nras.jwks] : [])], evidence: gpus ? [gpus.evidence] : [] };
}

/** @param textOf what is kept under a digest in hex @throws Error where something of it is not there */
export function fromParts(body: string, textOf: (digest: string) => string): SessionEvidence {
  const { collateral, nras, gpus, ...rest } = kept.parse(JSON.parse(body));
  return {
    ...rest,
    collateral: collateral.map((name) => JSON.parse(textOf(name)) as SessionEvidence['collateral'][number]),
    nras: nras && { response: nras.response, jwks: textOf(nras.jwks) },
    ...(gpus && { gpus: { at: gpus.at, evidence: fromParts(textOf(gpus.evidence), textOf) } }),
  };
}

const names = new WeakMap<SessionEvidence, string>();

/** Made once: all sessions of fifty minutes share this evidence. */
function nameOf(evidence: SessionEvidence): string {
  const name = names.get(evidence) ?? createHash('sha256').update(canonicalJson(evidence)).digest('hex');
  names.set(evidence, name);
  return name;
}
