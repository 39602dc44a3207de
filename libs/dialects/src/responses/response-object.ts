import type { ProviderUsage } from '../answer/provider-usage.ts';
import type { OutputItem } from './response-item.ts';
import type { ResponseRequest } from './response-request.ts';

/** What a response says of itself beyond the model's output. */
export interface ResponseContext {
  /** `resp_` and what makes it unique; item ids derive from it. */
  responseId: string;
  /** Unix seconds. */
  createdAt: number;
  /** The gateway's id of the model that runs. */
  model: string;
  request: ResponseRequest;
  /** Seals reasoning, so that only this gateway can read it; undefined, or giving that: there is no key to. */
  seal?: ((reasoning: string) => string | undefined) | undefined;
}

export interface ResponseState {
  status: 'in_progress' | 'completed' | 'incomplete' | 'failed';
  output: OutputItem[];
  usage?: ProviderUsage | undefined;
  /** Why it is incomplete. */
  reason?: 'max_output_tokens' | 'content_filter' | undefined;
  error?: { code: string; message: string } | undefined;
}

/** What a response repeats of its request, and what it says where the request says nothing. */
const repeated = {
  instructions: null,
  max_output_tokens: null,
  max_tool_calls: null,
  metadata: {},
  parallel_tool_calls: true,
  prompt_cache_key: null,
  safety_identifier: null,
  temperature: null,
  tool_choice: 'auto',
  tools: [],
  top_logprobs: 0,
  top_p: null,
  user: null,
} satisfies Partial<Record<keyof ResponseRequest, unknown>>;

/** A response as OpenAI shows it. */
export function toResponseObject(context: ResponseContext, state: ResponseState) {
  return {
    id: context.responseId,
    object: 'response' as const,
    created_at: context.createdAt,
    status: state.status,
    background: false,
    error: state.error ?? null,
    incomplete_details: state.reason ? { reason: state.reason } : null,
    model: context.model,
    output: state.output,
    ...repeat(context.request),
    previous_response_id: null,
    service_tier: 'default',
    store: false,
    truncation: 'disabled',
    usage: state.usage ? toResponseUsage(state.usage) : null,
  };
}

function repeat(request: ResponseRequest) {
  const { reasoning, text } = request;
  const names = Object.keys(repeated) as (keyof typeof repeated)[];
  return {
    ...Object.fromEntries(names.map((name) => [name, request[name] ?? repeated[name]])),
    reasoning: { effort: reasoning?.effort ?? null, summary: reasoning?.summary ?? null },
    text: { ...text, format: text?.format ?? { type: 'text' } },
  };
}

function toResponseUsage(usage: ProviderUsage) {
  return {
    input_tokens: usage.promptTokens,
    input_tokens_details: { cached_tokens: usage.cachedTokens, cache_write_tokens: usage.cacheWriteTokens },
    output_tokens: usage.completionTokens,
    output_tokens_details: { reasoning_tokens: usage.reasoningTokens },
    total_tokens: usage.promptTokens + usage.completionTokens,
  };
}
