import { z } from 'zod';
import { shortText } from './bounds.ts';
import { request } from './contract.ts';

/** By gzip, in base64: within what the bus carries at once. */
const packed = z.string().max(960 * 1024);
const hex32 = z.string().regex(/^[0-9a-f]{64}$/);

/** Asked of any router: a report that the enclave of a model makes of itself for a caller's nonce. */
export const requestReport = request('attestations.report', {
  askedBy: ['gateway', 'auth'],
  answeredBy: ['inference-router'],
  request: z.object({ model: shortText, nonce: hex32 }),
  reply: z.object({
    provider: shortText,
    /** SHA-256 of the SubjectPublicKeyInfo of the TLS key that it came over. */
    spkiSha256: hex32,
    /** The bytes as they were served. */
    body: packed,
  }),
  errors: ['model_not_found', 'invalid_request', 'provider_unavailable', 'rate_limit_exceeded'],
  timeoutMs: 25_000,
});

/** Asked of any router: an enclave as it was verified once, by the digest of its evidence, which receipts name. */
export const readAttestedSession = request('attestations.session', {
  askedBy: ['gateway', 'auth'],
  answeredBy: ['inference-router'],
  request: z.object({ id: hex32 }),
  reply: z.object({
    /** A document in ACI's form; null where it is not kept. */
    session: packed.nullable(),
  }),
  errors: [],
  timeoutMs: 8_000,
});
