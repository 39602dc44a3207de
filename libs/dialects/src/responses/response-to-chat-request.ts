import { translatedKnobsOf } from '../request/engine-fields.ts';
import { toChatBody, type ChatRequestInput } from '../chat/chat-body.ts';
import { toChatMessages } from './response-to-chat-messages.ts';
import type { ResponseRequest } from './response-request.ts';
import { OfferedTools } from './offered-tools.ts';
import { toChatToolChoice, toChatTools } from './tool-choice.ts';

/**
 * Writes a responses request as the chat request that asks the same, for providers that speak chat only.
 * @param reasoning what sealed items of the input hold, by their index
 * @returns JSON that `parseChatRequest` accepts; `model` is the caller's, for `chatRequestEdits` to replace
 */
export function responseToChatRequest(
  request: ResponseRequest,
  reasoning: ReadonlyMap<number, string> = new Map(),
): Buffer {
  const offered = new OfferedTools(request.tools);
  const chat: ChatRequestInput = {
    model: request.model,
    models: request.models,
    messages: toChatMessages(request, { offered, reasoning }),
    stream: request.stream === true ? true : undefined,
    max_completion_tokens: request.max_output_tokens,
    temperature: request.temperature,
    top_p: request.top_p,
    tools: toChatTools(request.tool_choice, offered),
    tool_choice: toChatToolChoice(request.tool_choice, offered),
    parallel_tool_calls: offered.isEmpty ? undefined : request.parallel_tool_calls,
    response_format: toResponseFormat(request.text?.format),
    reasoning_effort: request.reasoning?.effort,
    verbosity: request.text?.verbosity,
    prompt_cache_key: request.prompt_cache_key,
    ...translatedKnobsOf(request),
    ...toLogprobs(request),
  };
  return toChatBody(chat);
}

function toResponseFormat(format: NonNullable<ResponseRequest['text']>['format']): ChatRequestInput['response_format'] {
  if (format?.type !== 'json_schema') return format?.type === 'json_object' ? format : undefined;
  const { type, ...json_schema } = format;
  return { type, json_schema };
}

function toLogprobs(request: ResponseRequest): Pick<ChatRequestInput, 'logprobs' | 'top_logprobs'> {
  const isAsked = request.include?.includes('message.output_text.logprobs') || request.top_logprobs != null;
  return isAsked ? { logprobs: true, top_logprobs: request.top_logprobs } : {};
}
