import type { Refusal } from '../http/refusal.ts';
import { logprobsOf, reasoningOf, textOf, usageNumbers } from './answer.ts';
import type { Answer, Usage } from './answer.ts';
import type { Choice } from './completion.ts';
import { hexId } from './ids.ts';
import type { Wire } from './wire.ts';

/** Phala's Confidential AI API: vLLM's answers as they are, and a receipt id in the header of each. */
export const phalaWire: Wire = {
  models: ['deepseek/deepseek-r1', 'meta-llama/llama-3.3-70b-instruct'],
  newId: (kind) => `${kind === 'chat' ? 'chatcmpl' : 'embd'}-${hexId()}`,
  headers: () => ({ 'x-receipt-id': `rcpt-${hexId()}` }),
  frame: (answer) => ({
    head:
      `data: {"id":"${answer.id}","object":"chat.completion.chunk","created":${answer.createdAt},` +
      `"model":${JSON.stringify(answer.request.model)},"choices":`,
    tail: (usage) => usage,
  }),
  choicePart: (part) =>
    `{"index":${part.index},"delta":${part.delta},"logprobs":${part.logprobs},` +
    `"finish_reason":${JSON.stringify(part.finishReason)}${part.finishReason === null ? '' : ',"stop_reason":null'},"token_ids":null}`,
  openDelta: '{"role":"assistant","content":""}',
  closeDelta: () => '{"content":""}',
  toolCallId: () => `chatcmpl-tool-${hexId()}`,
  usage: (usage) => JSON.stringify(vllmUsage(usage)),
  finalTail: () => '',
  usagePlace: 'own chunk',
  saysNullUsage: false,
  reasoningField: 'reasoning_content',
  rerankUsage: 'tokens',
  plain: (answer) => JSON.stringify(plainAnswer(answer)),
  embeddings: (answer) => {
    const { id, createdAt: created, model, vectors, promptTokens } = answer;
    const data = vectors.map((embedding, index) => ({ index, object: 'embedding', embedding }));
    const usage = vllmUsage({ promptTokens, completionTokens: 0 });
    return JSON.stringify({ id, object: 'list', created, model, data, ...(answer.showsUsage && { usage }) });
  },
  modelList: (created) =>
    JSON.stringify({
      object: 'list',
      data: phalaWire.models.map((id) => ({ id, object: 'model', created, owned_by: 'phala' })),
    }),
  refusal: (refusal) =>
    JSON.stringify({ error: { message: refusal.message, type: typeOf(refusal), code: null, param: null } }),
};

/** Usage in vLLM's order. */
export function vllmUsage(usage: Usage): object {
  return {
    prompt_tokens: usage.promptTokens,
    total_tokens: usage.promptTokens + usage.completionTokens,
    completion_tokens: usage.completionTokens,
    prompt_tokens_details: usage.cachedTokens ? { cached_tokens: usage.cachedTokens } : null,
    ...(usage.reasoningTokens && { completion_tokens_details: { reasoning_tokens: usage.reasoningTokens } }),
  };
}

function plainAnswer(answer: Answer): object {
  return {
    id: answer.id,
    object: 'chat.completion',
    created: answer.createdAt,
    model: answer.request.model,
    choices: answer.choices.map((choice) => ({
      index: choice.index,
      message: messageOf(choice),
      logprobs: logprobsOf(answer, choice.tokens),
      finish_reason: choice.finishReason,
      stop_reason: null,
      token_ids: null,
    })),
    service_tier: null,
    system_fingerprint: null,
    ...(answer.showsUsage && { usage: vllmUsage(usageNumbers(answer)) }),
    prompt_logprobs: null,
    prompt_token_ids: null,
    kv_transfer_params: null,
  };
}

function messageOf(choice: Choice): object {
  const isText = choice.toolName === undefined;
  const call = { name: choice.toolName, arguments: textOf(choice) };
  return {
    role: 'assistant',
    content: isText ? textOf(choice) : null,
    refusal: null,
    annotations: null,
    audio: null,
    function_call: null,
    tool_calls: isText ? [] : [{ id: phalaWire.toolCallId(), type: 'function', function: call }],
    reasoning: reasoningOf(choice),
    reasoning_content: reasoningOf(choice),
  };
}

const types: Readonly<Record<number, string>> = {
  400: 'invalid_request_error',
  401: 'unauthorized',
  404: 'not_found',
  413: 'payload_too_large',
  429: 'rate_limited',
  503: 'upstream_unavailable',
};

function typeOf(refusal: Refusal): string {
  return refusal.detail.type ?? types[refusal.status] ?? 'internal_error';
}
