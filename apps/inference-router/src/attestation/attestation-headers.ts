import type { Attestation } from './attestation.gate.ts';

/** Evidence under a development root proves nothing to anybody, and says so. */
export function attestationHeaders(attestation: Attestation | undefined): Readonly<Record<string, string>> {
  if (!attestation) return {};
  const { developmentRoot = false, roots = [] } = attestation.lease?.session.verified.facts ?? {};
  return {
    'x-ollm-attestation': attestation.status,
    ...(developmentRoot && { 'x-ollm-attestation-root': roots.find((name) => name.startsWith('development')) ?? '' }),
  };
}
