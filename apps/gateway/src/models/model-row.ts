import type { Model } from '@orgn/contracts';

/** A model as `/v1/models` lists it: OpenAI's row, and what a caller of this gateway wants to know besides. */
export interface ModelRow {
  id: string;
  object: 'model';
  /** Epoch seconds. */
  created: number;
  owned_by: string;
  is_active: boolean;
  /** USD for one token. */
  input_cost_per_token: number;
  output_cost_per_token: number;
  max_input_tokens: number;
  max_output_tokens: number;
  input_modalities: string[];
  output_modalities: string[];
  display_name: string;
  /** `tee`, `zdr` or `operator`. */
  execution: string;
  provider: string;
  type: string;
  capabilities: string[];
  /** Output limit of a request that sets none, in tokens. */
  default_output_tokens: number;
  model_info: {
    /** All prices, exact: decimal USD for a million tokens, or for one image, second of audio or request. */
    pricing: Record<string, unknown>;
    /** Limits and prices are examples that nobody has checked against the provider. */
    is_sample: boolean;
  };
}

/** @param created when the catalogue last changed, in epoch seconds */
export function toModelRow(model: Model, created: number): ModelRow {
  return {
    id: model.id,
    object: 'model',
    created,
    owned_by: model.ownedBy,
    is_active: true,
    input_cost_per_token: perToken(model.price.input),
    output_cost_per_token: perToken(model.price.output),
    max_input_tokens: model.context,
    max_output_tokens: model.maxOutput,
    input_modalities: model.inputModalities,
    output_modalities: model.outputModalities,
    display_name: model.displayName,
    execution: model.execution,
    provider: model.provider,
    type: model.type,
    capabilities: model.capabilities,
    default_output_tokens: model.defaultOutput,
    model_info: { pricing: snakeCased(model.price), is_sample: model.isSample },
  };
}

/** USD per million tokens to USD per token, without the noise of a division. */
function perToken(usdPerMillion: string): number {
  return Number(`${usdPerMillion}e-6`);
}

/** Names as the rest of the row writes them: `cachedInput` becomes `cached_input`. */
function snakeCased(value: object): Record<string, unknown> {
  const entries = Object.entries(value).map(([name, inner]: [string, unknown]) => [
    name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
    typeof inner === 'object' && inner !== null ? snakeCased(inner) : inner,
  ]);
  return Object.fromEntries(entries) as Record<string, unknown>;
}
