import { boundedRecord } from './bounded-record.ts';
import { shortText } from './bounds.ts';
import { z } from 'zod';
import { broadcast, survey } from './contract.ts';

export const providerHealth = z.enum(['ok', 'failing', 'not_configured']);

/** Asked by each gateway of all routers: where their channel is, by which catalogue they run, and which providers answer. */
export const findRouters = survey('routers.find', {
  askedBy: ['gateway'],
  answeredBy: ['inference-router'],
  request: z.object({ gateway: z.string().min(1).max(64) }),
  reply: z.object({
    router: shortText,
    /** `tls://host:port`; `tcp://` under INTERNAL_TLS=off. */
    url: z.url({ protocol: /^(tls|tcp)$/ }).max(2_048),
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

/** A router came up or is going away: gateways look for routers again, or stop choosing it, instead of waiting. */
export const routerChanged = broadcast('broadcast.routers', {
  saidBy: ['inference-router'],
  heardBy: ['gateway'],
  payload: z.object({ router: shortText, isLeaving: z.boolean() }),
});
