import type { Refusal } from '../http/refusal.ts';
import { logprobsOf, reasoningOf, textOf, usageNumbers } from './answer.ts';
import type { Answer, Usage } from './answer.ts';
import type { Choice } from './completion.ts';
import { hexId } from './ids.ts';
import type { Wire } from './wire.ts';

/**
 * The plain OpenAI kind, for endpoints an operator runs. As api.openai.com it indents the JSON of answers that are
 * not streamed, and says `"usage":null` in every chunk before the usage.
 */
export const openAiWire: Wire = {
  models: ['local-model', 'text-embedding-3-small'],
  newId: (kind) => `${kind === 'chat' ? 'chatcmpl' : 'embd'}-${hexId()}`,
  headers: () => ({ 'x-request-id': `req_${hexId()}`, 'openai-version': '2020-10-01' }),
  frame: (answer) => ({
    head:
      `data: {"id":"${answer.id}","object":"chat.completion.chunk","created":${answer.createdAt},` +
      `"model":${JSON.stringify(answer.request.model)},"system_fingerprint":null,"choices":`,
    tail: (usage) => usage,
  }),
  choicePart: (part) =>
    `{"index":${part.index},"delta":${part.delta},"logprobs":${part.logprobs},` +
    `"finish_reason":${JSON.stringify(part.finishReason)}}`,
  openDelta: '{"role":"assistant","content":"","refusal":null}',
  closeDelta: () => '{}',
  toolCallId: () => `call_${hexId().slice(0, 24)}`,
  usage: (usage) => JSON.stringify(usageOf(usage)),
  finalTail: () => '',
  usagePlace: 'own chunk',
  saysNullUsage: true,
  reasoningField: 'reasoning_content',
  rerankUsage: 'tokens',
  plain: (answer) => JSON.stringify(plainAnswer(answer), null, 2),
  embeddings: (answer) => {
    const usage = { prompt_tokens: answer.promptTokens, total_tokens: answer.promptTokens };
    const data = answer.vectors.map((embedding, index) => ({ object: 'embedding', index, embedding }));
    return JSON.stringify({ object: 'list', data, model: answer.model, ...(answer.showsUsage && { usage }) });
  },
  modelList: (created) =>
    JSON.stringify({
      object: 'list',
      data: openAiWire.models.map((id) => ({ id, object: 'model', created, owned_by: 'operator' })),
    }),
  refusal: (refusal) => JSON.stringify({ error: errorOf(refusal) }, null, 2),
};

function plainAnswer(answer: Answer): object {
  return {
    id: answer.id,
    object: 'chat.completion',
    created: answer.createdAt,
    model: answer.request.model,
    choices: answer.choices.map((choice) => ({
      index: choice.index,
      message: { role: 'assistant', ...contentOf(choice), refusal: null, annotations: [] },
      logprobs: logprobsOf(answer, choice.tokens),
      finish_reason: choice.finishReason,
    })),
    ...(answer.showsUsage && { usage: usageOf(usageNumbers(answer)) }),
    service_tier: 'default',
    system_fingerprint: null,
  };
}

function contentOf(choice: Choice): object {
  const reasoning = reasoningOf(choice);
  const thought = reasoning === null ? {} : { reasoning_content: reasoning };
  if (choice.toolName === undefined) return { ...thought, content: textOf(choice) };
  const call = { name: choice.toolName, arguments: textOf(choice) };
  return { content: null, tool_calls: [{ id: openAiWire.toolCallId(), type: 'function', function: call }] };
}

function usageOf(usage: Usage): object {
  return {
    prompt_tokens: usage.promptTokens,
    completion_tokens: usage.completionTokens,
    total_tokens: usage.promptTokens + usage.completionTokens,
    prompt_tokens_details: { cached_tokens: usage.cachedTokens ?? 0, audio_tokens: 0 },
    completion_tokens_details: { reasoning_tokens: usage.reasoningTokens ?? 0, audio_tokens: 0 },
  };
}

function errorOf(refusal: Refusal): object {
  const { type = refusal.status >= 500 ? 'server_error' : 'invalid_request_error', param = null } = refusal.detail;
  return { message: refusal.message, type, param, code: codes[refusal.status] ?? null };
}

const codes: Readonly<Record<number, string>> = { 401: 'invalid_api_key', 429: 'rate_limit_exceeded' };
