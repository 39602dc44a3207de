import { Refusal } from '../http/refusal.ts';
import { logprobsOf, reasoningOf, textOf, usageNumbers } from './answer.ts';
import type { Answer, Usage } from './answer.ts';
import type { Choice } from './completion.ts';
import { hexId, ulid } from './ids.ts';
import { costUsd, gatewayMetadata } from './vercel-metadata.ts';
import type { RoutedRequest, Wire } from './wire.ts';

const noZdrSuffix = '-no-zdr';
const fingerprint = 'fp_simulator0';

/** Vercel AI Gateway: generation ids, and its routing block in the message or in the last chunk's delta. */
export const vercelWire: Wire = {
  models: ['anthropic/claude-sonnet-4.6', 'openai/gpt-4o', 'openai/text-embedding-3-small'],
  newId: () => `gen_${ulid()}`,
  headers: () => ({ server: 'Vercel', 'x-vercel-id': `sim1::${hexId().slice(0, 16)}` }),
  frame: (answer) => ({
    head:
      `data: {"id":"${answer.id}","object":"chat.completion.chunk","created":${answer.createdAt},` +
      `"model":${JSON.stringify(answer.request.model)},"choices":`,
    tail: (usage) => `${usage},"system_fingerprint":"${fingerprint}"`,
  }),
  choicePart: (part) =>
    `{"index":${part.index},"delta":${part.delta},"logprobs":${part.logprobs},` +
    `"finish_reason":${JSON.stringify(part.finishReason)}}`,
  openDelta: '{"role":"assistant"}',
  closeDelta: (answer, choice) =>
    choice.index < answer.choices.length - 1
      ? '{}'
      : JSON.stringify({ provider_metadata: { gateway: gatewayMetadata(answer) } }),
  toolCallId: () => `toolu_${ulid()}`,
  usage: (usage) => JSON.stringify(usageOf(usage)),
  finalTail: (answer) => `,"generationId":"${answer.id}"`,
  usagePlace: 'final chunk',
  saysNullUsage: false,
  reasoningField: 'reasoning',
  rerankUsage: 'search units',
  plain: (answer) => JSON.stringify(plainAnswer(answer)),
  embeddings: (answer) => {
    const data = answer.vectors.map((embedding, index) => ({ object: 'embedding', index, embedding }));
    const usage = { prompt_tokens: answer.promptTokens, total_tokens: answer.promptTokens };
    return JSON.stringify({ object: 'list', data, model: answer.model, ...(answer.showsUsage && { usage }) });
  },
  modelList: (created) =>
    JSON.stringify({
      object: 'list',
      data: vercelWire.models.map((id) => ({ id, object: 'model', created, owned_by: id.split('/')[0] })),
    }),
  refusal: (refusal) => JSON.stringify(errorBody(refusal)),
  refuses: (request) => refuseWithoutZdr(request),
};

function refuseWithoutZdr(request: RoutedRequest): Refusal | undefined {
  if (!request.zeroDataRetention || !request.model.endsWith(noZdrSuffix)) return undefined;
  const message =
    `No ZDR (Zero Data Retention) providers available for model: ${request.model}. ` +
    'Providers considered: provider-a, provider-b';
  return new Refusal(400, message, { type: 'no_providers_available' });
}

function plainAnswer(answer: Answer): object {
  return {
    id: answer.id,
    object: 'chat.completion',
    created: answer.createdAt,
    model: answer.request.model,
    choices: answer.choices.map((choice) => ({
      index: choice.index,
      message: { ...messageOf(choice), provider_metadata: { gateway: gatewayMetadata(answer) } },
      logprobs: logprobsOf(answer, choice.tokens),
      finish_reason: choice.finishReason,
    })),
    ...(answer.showsUsage && { usage: usageOf(usageNumbers(answer)) }),
    system_fingerprint: fingerprint,
    generationId: answer.id,
  };
}

function messageOf(choice: Choice): object {
  const reasoning = reasoningOf(choice);
  const thought = reasoning === null ? {} : { reasoning };
  if (choice.toolName === undefined) return { role: 'assistant', ...thought, content: textOf(choice) };
  const call = { name: choice.toolName, arguments: textOf(choice) };
  const calls = [{ id: vercelWire.toolCallId(), type: 'function', function: call }];
  return { role: 'assistant', content: null, tool_calls: calls };
}

function usageOf(usage: Usage): object {
  const cost = costUsd(usage);
  return {
    prompt_tokens: usage.promptTokens,
    completion_tokens: usage.completionTokens,
    total_tokens: usage.promptTokens + usage.completionTokens,
    cost,
    is_byok: false,
    prompt_tokens_details: { cached_tokens: usage.cachedTokens ?? 0, audio_tokens: 0, video_tokens: 0 },
    cost_details: {
      upstream_inference_cost: null,
      upstream_inference_prompt_cost: 0,
      upstream_inference_completions_cost: 0,
    },
    completion_tokens_details: { reasoning_tokens: usage.reasoningTokens ?? 0, image_tokens: 0 },
    cache_creation_input_tokens: 0,
    market_cost: cost,
  };
}

const types: Readonly<Record<number, string>> = {
  401: 'authentication_error',
  403: 'customer_verification_required',
  404: 'model_not_found',
  429: 'rate_limit_exceeded',
};

/** Vercel documents this one error as flat text beside its type; its others are in OpenAI's envelope. */
function errorBody(refusal: Refusal): object {
  const fallback = refusal.status >= 500 ? 'internal_server_error' : 'invalid_request_error';
  const type = refusal.detail.type ?? types[refusal.status] ?? fallback;
  if (type === 'no_providers_available') return { error: refusal.message, type, statusCode: refusal.status };
  return { error: { message: refusal.message, type, param: refusal.detail.param ?? null, code: type } };
}
