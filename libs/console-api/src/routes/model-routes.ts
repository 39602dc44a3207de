import {
  circuitState,
  execution,
  keyId,
  keyRestrictions,
  MAX_ENTRIES,
  model,
  providerHealth,
  shortText,
  teamId,
} from '@orgn/contracts';
import { z } from 'zod';
import { consoleRoute } from '../route.ts';
import { measuredNames } from './measurement-routes.ts';

/**
 * What is known of the enclave that a model runs in. `not_checked`: nobody has looked; never a pass. `not_approved`: it has proven
 * what it runs, and no operator has approved that. `not_an_enclave`: its class claims none.
 */
export const attestationState = z.enum([
  'proven',
  'not_proven',
  'not_approved',
  'failed',
  'not_checked',
  'not_an_enclave',
]);
export type AttestationState = z.output<typeof attestationState>;

/**
 * Whether a request for it would be sent on now. `unverified`: its enclave must be verified first, which this deployment
 * cannot. `unknown`: no router has said anything.
 */
export const availability = z.enum(['available', 'failing', 'unverified', 'unknown']);

/** Software of an enclave, with what changed when it came; null: there was none before it. */
const enclaveSoftware = z.object({
  /** When it was approved, or seen for the first time. */
  at: z.iso.datetime().max(64),
  composeHash: shortText.nullable(),
  osImageHash: shortText.nullable(),
  mrtd: shortText.nullable(),
  imageDigests: z.array(shortText).max(256),
  changed: z.array(z.enum(measuredNames)).max(16).nullable(),
});

export const consoleModel = model.omit({ tokenizer: true }).extend({
  /** Members of a request that decide something for this model, as its endpoint's documentation calls them. */
  parameters: z.array(shortText).max(MAX_ENTRIES),
  /** How its provider has been doing, by what routers saw of it; `circuit`: the most open one. */
  health: z.object({ provider: providerHealth.or(z.literal('unknown')), circuit: circuitState.nullable() }),
  availability,
  attestation: attestationState,
  /** What the routers found when they last looked at its enclave; null: there is none, or nobody has looked. */
  enclave: z
    .object({
      /** The older look, where routers differ; null: none has passed. */
      verifiedAt: shortText.nullable(),
      /** SHA-256 of the compose files that run: several while a provider changes its software. */
      composeHashes: z.array(shortText).max(256),
      /** Required checks that did not pass, as docs/verification.md names them. */
      failed: z.array(shortText).max(MAX_ENTRIES),
      /** It rests on a root for development, and proves nothing of any hardware. */
      isDevelopment: z.boolean(),
      /** What operators approved last; null: nothing, or what may run is written in the policy's file. */
      approved: enclaveSoftware.nullable(),
      /** What its provider runs that nobody has approved yet: nothing is sent to it where that is demanded. */
      waiting: enclaveSoftware.nullable(),
    })
    .nullable(),
});
export type ConsoleModel = z.output<typeof consoleModel>;

/** A key as far as it decides what it may run; see `mayKeyUse`. */
export const modelKey = z.object({
  id: keyId,
  name: shortText,
  hint: shortText,
  models: keyRestrictions.shape.models,
  executionPolicy: keyRestrictions.shape.executionPolicy,
});
export type ModelKey = z.output<typeof modelKey>;

export const executionClass = z.object({
  execution,
  name: shortText,
  /** What is promised of it, and by whom, a sentence each. */
  promises: z.array(shortText).max(16),
  doesNotPromise: z.array(shortText).max(16),
});
export type ExecutionClass = z.output<typeof executionClass>;

export const modelRoutes = {
  list: consoleRoute('listModels', {
    method: 'GET',
    path: '/api/teams/{teamId}/models',
    tag: 'models',
    summary:
      'The models there are: what they can do and cost, how they are doing, and which of the caller’s active keys may use them.',
    params: z.strictObject({ teamId }),
    reply: z.object({
      catalogue: z.object({ version: shortText, createdAt: shortText }),
      /** What each class of execution that occurs here means. */
      executions: z.array(executionClass).max(8),
      data: z.array(consoleModel).max(MAX_ENTRIES),
      /** The caller’s own active keys, newest first, 200 at most. */
      keys: z.array(modelKey).max(200),
    }),
    errors: ['not_found'],
    access: { who: 'signed_in', action: 'models.read' },
  }),
};

/** Whether a key may use a model, by what the key is limited to. */
export function mayKeyUse(
  key: Pick<ModelKey, 'models' | 'executionPolicy'>,
  { id, execution: where }: Pick<ConsoleModel, 'id' | 'execution'>,
): boolean {
  return (key.executionPolicy === 'any' || where === 'tee') && (key.models === null || key.models.includes(id));
}
