import { ServiceError, type Model } from '@orgn/contracts';
import type { ModelListQuery } from './tier-filter.ts';

/** A model as Anthropic's `/v1/models` lists it; what only their models have is null or said of none. */
export interface AnthropicModel {
  type: 'model';
  id: string;
  display_name: string;
  /** RFC 3339. */
  created_at: string;
  max_input_tokens: number;
  max_tokens: number;
  capabilities: null;
  lifecycle: 'active';
  line: null;
  deprecated_at: null;
  retires_at: null;
  /** `tee`, `zdr` or `operator`: what a caller of this gateway wants to know besides. */
  execution: string;
}

/** A page of Anthropic's list. */
export interface AnthropicPage {
  data: AnthropicModel[];
  has_more: boolean;
  first_id: string | null;
  last_id: string | null;
}

const DEFAULT_LIMIT = 20;
const MAX_LIMIT = 1_000;

/** @param created when the catalogue last changed, in epoch seconds */
export function toAnthropicModel(model: Model, created: number): AnthropicModel {
  return {
    type: 'model',
    id: model.id,
    display_name: model.displayName,
    created_at: new Date(created * 1_000).toISOString().replace('.000Z', 'Z'),
    max_input_tokens: model.context,
    max_tokens: model.maxOutput,
    capabilities: null,
    lifecycle: 'active',
    line: null,
    deprecated_at: null,
    retires_at: null,
    execution: model.execution,
  };
}

/**
 * The page that `limit` (1 to 1000, 20 by default) and `after_id` or `before_id` ask for.
 * @throws ServiceError `invalid_request` naming the member of the query
 */
export function pageOf(models: readonly AnthropicModel[], query: ModelListQuery): AnthropicPage {
  const { start, end, isBackward } = rangeOf(models, query);
  const data = models.slice(start, end);
  return {
    data,
    has_more: isBackward ? start > 0 : end < models.length,
    first_id: data[0]?.id ?? null,
    last_id: data.at(-1)?.id ?? null,
  };
}

function rangeOf(models: readonly AnthropicModel[], query: ModelListQuery) {
  const limit = limitOf(query.limit);
  const after = cursorOf(models, query, 'after_id');
  const before = cursorOf(models, query, 'before_id');
  if (before === undefined) {
    const start = (after ?? -1) + 1;
    return { start, end: start + limit, isBackward: false };
  }
  if (after !== undefined) throw invalid('before_id', 'must not be sent beside after_id.');
  return { start: Math.max(0, before - limit), end: before, isBackward: true };
}

function limitOf(value: unknown): number {
  if (value === undefined) return DEFAULT_LIMIT;
  const limit = typeof value === 'string' && /^\d{1,4}$/.test(value) ? Number(value) : 0;
  if (limit < 1 || limit > MAX_LIMIT) throw invalid('limit', `must be a number from 1 to ${MAX_LIMIT}.`);
  return limit;
}

/** @returns where in the list the id stands; undefined when none was sent */
function cursorOf(models: readonly AnthropicModel[], query: ModelListQuery, name: string): number | undefined {
  const id = query[name];
  if (id === undefined || id === '') return undefined;
  const at = models.findIndex((model) => model.id === id);
  if (at < 0) throw invalid(name, 'must be the id of a model in this list.');
  return at;
}

function invalid(param: string, reason: string): ServiceError {
  return new ServiceError('invalid_request', `${param} ${reason}`, { param });
}
