import type { Refusal } from '../http/refusal.ts';
import { logprobsOf, reasoningOf, textOf, usageNumbers } from './answer.ts';
import type { Answer, Usage } from './answer.ts';
import type { Choice } from './completion.ts';
import { hexId } from './ids.ts';
import type { Wire } from './wire.ts';

/**
 * NEAR AI's direct completions: vLLM behind a proxy inside the enclave. The proxy writes compact JSON with its keys
 * in alphabetical order, so `model` stands after the choices and `usage` after that.
 */
export const nearWire: Wire = {
  models: ['Qwen/Qwen3-30B-A3B-Instruct-2507', 'openai/gpt-oss-120b'],
  newId: (kind) => `${kind === 'chat' ? 'chatcmpl' : 'embd'}-${hexId()}`,
  headers: () => ({}),
  frame: (answer) => ({
    head: 'data: {"choices":',
    tail: (usage) =>
      `,"created":${answer.createdAt},"id":"${answer.id}","model":${JSON.stringify(answer.request.model)},` +
      `"object":"chat.completion.chunk"${usage}`,
  }),
  choicePart: (part) =>
    `{"delta":${part.delta},"finish_reason":${JSON.stringify(part.finishReason)},"index":${part.index},` +
    `"logprobs":${part.logprobs}${part.finishReason === null ? '' : ',"stop_reason":null'},"token_ids":null}`,
  openDelta: '{"content":"","reasoning":null,"reasoning_content":null,"role":"assistant"}',
  closeDelta: () => '{"reasoning_content":null}',
  toolCallId: () => `chatcmpl-tool-${hexId()}`,
  usage: (usage) => JSON.stringify(usageOf(usage)),
  finalTail: () => '',
  usagePlace: 'own chunk',
  saysNullUsage: false,
  reasoningField: 'reasoning_content',
  rerankUsage: 'tokens',
  plain: (answer) => JSON.stringify(plainAnswer(answer)),
  embeddings: (answer) => {
    const { id, createdAt: created, model, vectors, promptTokens } = answer;
    const data = vectors.map((embedding, index) => ({ embedding, index, object: 'embedding' }));
    const usage = usageOf({ promptTokens, completionTokens: 0 });
    return JSON.stringify({ created, data, id, model, object: 'list', ...(answer.showsUsage && { usage }) });
  },
  modelList: (created) =>
    JSON.stringify({
      data: nearWire.models.map((id) => ({ created, id, object: 'model', owned_by: 'vllm' })),
      object: 'list',
    }),
  refusal: (refusal) =>
    JSON.stringify({ error: { code: null, message: refusal.message, param: null, type: typeOf(refusal) } }),
};

function usageOf(usage: Usage): object {
  return {
    completion_tokens: usage.completionTokens,
    ...(usage.reasoningTokens && { completion_tokens_details: { reasoning_tokens: usage.reasoningTokens } }),
    prompt_tokens: usage.promptTokens,
    prompt_tokens_details: usage.cachedTokens ? { cached_tokens: usage.cachedTokens } : null,
    total_tokens: usage.promptTokens + usage.completionTokens,
  };
}

function plainAnswer(answer: Answer): object {
  return {
    choices: answer.choices.map((choice) => ({
      finish_reason: choice.finishReason,
      index: choice.index,
      logprobs: logprobsOf(answer, choice.tokens),
      message: messageOf(choice),
      stop_reason: null,
      token_ids: null,
    })),
    created: answer.createdAt,
    id: answer.id,
    kv_transfer_params: null,
    model: answer.request.model,
    object: 'chat.completion',
    prompt_logprobs: null,
    prompt_token_ids: null,
    service_tier: null,
    system_fingerprint: null,
    ...(answer.showsUsage && { usage: usageOf(usageNumbers(answer)) }),
  };
}

function messageOf(choice: Choice): object {
  const isText = choice.toolName === undefined;
  const call = { arguments: textOf(choice), name: choice.toolName };
  return {
    annotations: null,
    audio: null,
    content: isText ? textOf(choice) : null,
    function_call: null,
    reasoning: reasoningOf(choice),
    reasoning_content: reasoningOf(choice),
    refusal: null,
    role: 'assistant',
    tool_calls: isText ? [] : [{ function: call, id: nearWire.toolCallId(), type: 'function' }],
  };
}

const types: Readonly<Record<number, string>> = {
  400: 'BadRequestError',
  401: 'unauthorized',
  404: 'not_found',
  413: 'payload_too_large',
  429: 'rate_limited',
};

function typeOf(refusal: Refusal): string {
  return refusal.detail.type ?? types[refusal.status] ?? (refusal.status >= 500 ? 'server_error' : 'upstream_error');
}
