import { boundedRecord } from './bounded-record.ts';
import { MAX_ENTRIES, shortText } from './bounds.ts';
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

/** How it went last, by what was asked for: Intel's statements (`tcb_info`, `pck_crl` …) and NVIDIA's (`nras`, `jwks`). */
const statements = boundedRecord(shortText, z.enum(['answered', 'failed']), 64);

export const circuitState = z.enum(['closed', 'half_open', 'open']);

/** What a router found when it last verified a provider's enclave. */
const enclaveState = z.object({
  isVerified: z.boolean(),
  /** By evidence under a root that is made for development: proves nothing to anybody. */
  isDevelopment: z.boolean(),
  /** When the report was asked for that counts now. */
  verifiedAt: z.iso.datetime().max(64).nullable(),
  /** SHA-256 (hex) of the compose file that runs. */
  composeHash: shortText.nullable(),
  /** Ids of required checks that did not pass. */
  failed: z.array(shortText).max(MAX_ENTRIES),
  /** None of those failed: they could not be made, or wait for an operator. Absent from routers of the release before. */
  isUnknown: z.boolean().optional(),
});

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
    /** How the enclaves of providers stand that can be verified, by provider. */
    enclaves: boundedRecord(shortText, enclaveState, 256).optional(),
    statements: statements.optional(),
    /** Whether prompts leave for enclaves that nobody has verified. */
    takesUnverified: z.boolean(),
  }),
  windowMs: 300,
});

/** How enclaves stand, and whether those answer who are asked about them, said every five seconds. */
export const attestationWatched = broadcast('broadcast.attestation', {
  saidBy: ['inference-router'],
  heardBy: ['gateway'],
  payload: z.object({
    router: shortText,
    enclaves: boundedRecord(shortText, enclaveState, 256),
    statements,
  }),
});

/** A router came up or is going away: gateways look for routers again, or stop choosing it, instead of waiting. */
export const routerChanged = broadcast('broadcast.routers', {
  saidBy: ['inference-router'],
  heardBy: ['gateway'],
  payload: z.object({ router: shortText, isLeaving: z.boolean() }),
});
