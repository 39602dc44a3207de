import { translatedKnobsOf } from '../request/engine-fields.ts';
import { toChatBody, type ChatRequestInput } from '../chat/chat-body.ts';
import { effortOfBudget } from '../chat/thinking-members.ts';
import type { MessageRequest } from './message-request.ts';
import { toChatMessages } from './message-to-chat-messages.ts';
import type { MessageTool } from './message-tool.ts';
import { anthropicTool } from '../tools/anthropic-tools.ts';

type Tools = MessageRequest['tools'];
type ChatTool = NonNullable<ChatRequestInput['tools']>[number];
type CustomTool = Extract<MessageTool, { input_schema: Record<string, unknown> }>;

/**
 * Writes a messages request as the chat request that asks the same.
 * @returns JSON that `parseChatRequest` accepts; `model` is the caller's, for `chatRequestEdits` to replace
 */
export function messageToChatRequest(request: MessageRequest): Buffer {
  const { output_config: output } = request;
  const chat: ChatRequestInput = {
    model: request.model,
    models: request.models,
    messages: toChatMessages(request),
    stream: request.stream === true ? true : undefined,
    max_tokens: request.max_tokens,
    temperature: request.temperature,
    top_p: request.top_p,
    stop: request.stop_sequences?.length ? request.stop_sequences : undefined,
    ...toToolMembers(request),
    reasoning_effort: output?.effort ?? toEffort(request.thinking),
    response_format: toResponseFormat(request),
    ...toKnobs(request),
  };
  return toChatBody(chat);
}

/** What engines take under the same names, and thinking where it is switched off. */
function toKnobs(request: MessageRequest) {
  const thinking = request.thinking?.type === 'disabled' ? ({ type: 'disabled' } as const) : undefined;
  return { ...translatedKnobsOf(request), thinking };
}

/** What speaks of tools: nothing where there are none. */
function toToolMembers({ tools, tool_choice: choice }: MessageRequest) {
  if (!tools?.length) return {};
  return {
    tools: toChatTools(tools),
    tool_choice: toChatToolChoice(choice),
    parallel_tool_calls: isSerial(choice) ? false : undefined,
  };
}

/** Tools as chat has them, where examples have no place. */
export function toChatTools(tools: Tools): ChatRequestInput['tools'] {
  return tools?.length ? tools.map(toChatTool) : undefined;
}

function toChatTool(tool: MessageTool): ChatTool {
  if ('input_schema' in tool) {
    const { name, description, input_schema: parameters, strict } = tool as CustomTool;
    return { type: 'function', function: { name, description, parameters, strict } };
  }
  return { type: 'function', function: { name: String(tool.name), ...anthropicTool(tool.type) } };
}

function toChatToolChoice(choice: MessageRequest['tool_choice']): ChatRequestInput['tool_choice'] {
  switch (choice?.type) {
    case 'any':
      return 'required';
    case 'tool':
      return { type: 'function', function: { name: choice.name } };
    default:
      return choice?.type;
  }
}

const isSerial = (choice: MessageRequest['tool_choice']) =>
  choice != null && 'disable_parallel_tool_use' in choice && choice.disable_parallel_tool_use === true;

function toResponseFormat(request: MessageRequest): ChatRequestInput['response_format'] {
  const format = request.output_config?.format ?? request.output_format;
  if (!format) return undefined;
  return { type: 'json_schema', json_schema: { name: 'answer', schema: format.schema, strict: true } };
}

/** A budget of thinking as the nearest effort; chat has no budget. Without one the model decides. */
function toEffort(thinking: MessageRequest['thinking']): ChatRequestInput['reasoning_effort'] {
  return thinking?.type === 'enabled' ? effortOfBudget(thinking.budget_tokens) : undefined;
}
