import { z } from 'zod';
import { request } from './contract.ts';

/** How a model executes: in an attested enclave, under zero data retention, or on the operator's own endpoint. */
export const execution = z.enum(['tee', 'zdr', 'operator']);
export type Execution = z.output<typeof execution>;

export const modelType = z.enum(['chat', 'embedding']);

/** USD per million tokens as a decimal string, at most 9 decimal places: exact, never a float. */
export const pricePerMillion = z
  .string()
  .regex(/^\d{1,9}(\.\d{1,9})?$/, 'must be a decimal like "0.15" (USD per million tokens)');

/** One model as gateways know it: what to check and what to show, never where it runs or with which credential. */
export const model = z.object({
  id: z.string().regex(/^[a-z0-9]+(_[a-z0-9]+)+$/, 'must be lower-case words joined by underscores'),
  provider: z.string(),
  execution,
  type: modelType,
  /** Longest prompt plus answer, in tokens. */
  context: z.number().int().positive(),
  /** Longest answer, in tokens; 0 for embeddings. */
  maxOutput: z.number().int().nonnegative(),
  /** Output limit that the router sets when the caller gives none, in tokens. */
  defaultOutput: z.number().int().nonnegative(),
  price: z.object({ input: pricePerMillion, output: pricePerMillion }),
});
export type Model = z.output<typeof model>;

/** The catalogue that routers dispatch by. `version` is a digest of its content. */
export const listModels = request('models.list', {
  request: z.object({}),
  reply: z.object({ version: z.string(), createdAt: z.string(), models: z.array(model) }),
  errors: [],
  timeoutMs: 3_000,
});
