import { createHash } from 'node:crypto';
import { canonicalJson } from '@orgn/attestation';
import { parseOrUndefined } from '@orgn/dialects';
import { MAX_ENTRIES, shortText } from '@orgn/contracts';
import { z } from 'zod';
import type { Provider, RoutingWord } from './provider.ts';

/**
 * Vercel AI Gateway under zero data retention. The flag is set on every request, by us alone: callers' `providerOptions`
 * are refused at the edge. https://vercel.com/docs/ai-gateway/security-and-compliance/zdr
 */
export const vercel: Provider = {
  members: { providerOptions: '{"gateway":{"zeroDataRetention":true}}' },
  engine: 'openai',
  whenCallerLeaves: 'drain',
  // Models of many makers: some think without showing it, and chunks are as large as they come.
  hasTokenChunks: false,
  hidesIds: true,
  toRefusal: (status, type) =>
    status === 400 && type === 'no_providers_available'
      ? {
          code: 'zdr_unavailable',
          message:
            'No provider with zero data retention serves this model right now; try later or choose another model.',
        }
      : undefined,
  readRouting,
};

const name = z.string().regex(/^[a-zA-Z0-9._-]{1,64}$/);
const attempt = z.object({
  provider: name.optional().catch(undefined),
  credentialType: shortText.optional().catch(undefined),
  success: z.boolean().optional().catch(undefined),
});
export const gateway = z.object({
  gateway: z.object({
    routing: z.object({
      finalProvider: name.optional().catch(undefined),
      modelAttempts: z
        .array(z.object({ providerAttempts: z.array(attempt).max(MAX_ENTRIES).optional().catch(undefined) }))
        .max(MAX_ENTRIES)
        .optional()
        .catch(undefined),
    }),
  }),
});
const holder = z.object({ provider_metadata: z.unknown().optional() });
export const answer = holder.extend({
  choices: z
    .array(z.object({ message: holder.nullish().catch(undefined), delta: holder.nullish().catch(undefined) }))
    .max(MAX_ENTRIES)
    .optional()
    .catch(undefined),
});

/**
 * Reads the routing block: in the message, in the last chunk's delta, or beside the choices. A credential that is not
 * Vercel's own ("system") is not covered by the zero-retention promise. The block's prose is not read: it is no proof.
 */
function readRouting(json: Buffer): RoutingWord | undefined {
  if (!json.includes('"provider_metadata"')) return undefined;
  const read = answer.safeParse(parseOrUndefined(json)).data;
  if (!read) return undefined;
  const choices = (read.choices ?? []).flatMap(({ message, delta }) => [message, delta]);
  const blocks = [read, ...choices].map((part) => part?.provider_metadata);
  const block = blocks.find((one) => gateway.safeParse(one).success);
  const routing = gateway.safeParse(block).data?.gateway.routing;
  if (!routing) return undefined;
  const attempts = (routing.modelAttempts ?? []).flatMap(({ providerAttempts }) => providerAttempts ?? []);
  const attempted = attempts.flatMap(({ provider }) => provider ?? []).slice(0, 16);
  return {
    digest: digestOf(block),
    claims: { source: 'provider_asserted', provider: routing.finalProvider ?? null, attempted },
    isBreach: attempts.some(({ credentialType }) => credentialType !== undefined && credentialType !== 'system'),
  };
}

/** Of all that the block says of the routing, in whatever order and form it was written. */
function digestOf(block: unknown): string | null {
  try {
    const { routing } = (block as { gateway: { routing: unknown } }).gateway;
    return `sha256:${createHash('sha256').update(canonicalJson(routing)).digest('hex')}`;
  } catch {
    return null;
  }
}
