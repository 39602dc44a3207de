import { boundedRecord } from './bounded-record.ts';
import { shortText } from './bounds.ts';
import { z } from 'zod';
import { broadcast, survey } from './contract.ts';

export const providerHealth = z.enum(['ok', 'failing', 'not_configured']);

/**
 * Asked by each gateway of all routers: where to send bytes, with which token, by which catalogue. The token opens the
 * router's HTTP port for this gateway and expires `tokenSeconds` after the answer.
 */
export const connectRouter = survey('inference.connect', {
  askedBy: ['gateway'],
  answeredBy: ['inference-router'],
  request: z.object({ gateway: z.string().min(1).max(64) }),
  reply: z.object({
    router: shortText,
    url: z.url().max(2_048),
    token: z.string().min(43).max(1_024),
    tokenSeconds: z.number().int().positive(),
    /** Of what it serves: see `listModels`. */
    catalogueVersion: shortText,
    providers: boundedRecord(shortText, providerHealth, 256),
  }),
  windowMs: 300,
});

export const circuitState = z.enum(['closed', 'half_open', 'open']);

/** Asked of all routers: what each dispatches by, and how its providers have been doing. */
export const describeRouters = survey('routers.describe', {
  askedBy: ['auth'],
  answeredBy: ['inference-router'],
  request: z.object({}),
  reply: z.object({
    router: shortText,
    catalogueVersion: shortText,
    providers: boundedRecord(
      shortText,
      z.object({
        health: providerHealth,
        /** Null where the provider is not configured. */
        circuit: circuitState.nullable(),
      }),
      256,
    ),
    /** Whether prompts leave for enclaves that nobody has verified. */
    takesUnverified: z.boolean(),
  }),
  windowMs: 300,
});

/** A router came up or is going away: gateways connect again, or stop choosing it, instead of waiting for their turn. */
export const routerChanged = broadcast('broadcast.routers', {
  saidBy: ['inference-router'],
  heardBy: ['gateway'],
  payload: z.object({ router: shortText, isLeaving: z.boolean() }),
});
