import { ServiceError } from '@orgn/contracts';
import { z } from 'zod';
import { isError, parseOrUndefined } from '../answer/answer-parts.ts';
import { readUsage, type ProviderUsage } from '../answer/provider-usage.ts';
import { MAX_ITEMS, MAX_TOKENS, text as bounded } from '../request/bounds.ts';

/** What a tool call gains by one chunk. */
export interface ToolCallDelta {
  index: number;
  id: string | undefined;
  kind: 'function' | 'custom';
  name: string;
  /** Arguments of a function, input of a custom tool. */
  input: string;
}

/** What one chunk of a streamed chat answer, or a whole answer, adds to the message. */
export interface ChatDelta {
  reasoning: string;
  text: string;
  refusal: string;
  toolCalls: ToolCallDelta[];
  logprobs: unknown[];
  finishReason: string | undefined;
  /** The stop string that was found, where a provider tells. */
  stopSequence: string | undefined;
  usage: ProviderUsage | undefined;
}

const text = bounded.nullish().transform((value) => value ?? '');
const parts = z
  .array(z.object({ text }).loose())
  .max(MAX_ITEMS)
  .transform((list) => list.map((part) => part.text).join(''));
const call = z.object({ name: text, arguments: text });
const customCall = z.object({ name: text, input: text });

const toolCall = z
  .object({
    index: z.number().int().nonnegative().nullish(),
    id: text,
    function: call.nullish(),
    custom: customCall.nullish(),
  })
  .transform(({ index, id, function: called, custom }) => ({
    index: index ?? undefined,
    id: id || undefined,
    ...(custom ? customDelta(custom) : functionDelta(called)),
  }));

export const messageShape = z.object({
  content: z.union([text, parts]),
  refusal: text,
  reasoning_content: text,
  reasoning: text.catch(''),
  tool_calls: z.array(toolCall).max(MAX_ITEMS).nullish(),
  function_call: call.nullish(),
});
type Message = z.output<typeof messageShape>;

export const choiceShape = z.object({
  index: z.number().nullish(),
  delta: messageShape.nullish(),
  message: messageShape.nullish(),
  finish_reason: text,
  stop_reason: bounded.optional().catch(undefined),
  logprobs: z.object({ content: z.array(z.unknown()).max(MAX_TOKENS) }).catch({ content: [] }),
});
const noMessage = messageShape.parse({});
const noChoice = choiceShape.parse({});

export const answerShape = z.object({
  choices: z.array(choiceShape).max(MAX_ITEMS).nullish(),
  usage: z.unknown().optional(),
  error: z.unknown().optional(),
});

/**
 * Reads a chat answer, or a chunk of one, for translation into another protocol.
 * @throws ServiceError `provider_unavailable` when it is not what a chat answer should be, or reports a failure
 */
export function readChatDelta(json: Buffer): ChatDelta {
  const answer = readAnswer(json);
  // Translated endpoints ask for one choice.
  const choice = answer.choices?.find((each) => !each.index) ?? noChoice;
  const message = choice.delta ?? choice.message ?? noMessage;
  return {
    reasoning: message.reasoning_content || message.reasoning,
    text: message.content,
    refusal: message.refusal,
    toolCalls: toolCallsOf(message),
    logprobs: choice.logprobs.content,
    finishReason: choice.finish_reason || undefined,
    stopSequence: choice.stop_reason,
    usage: readUsage(answer.usage),
  };
}

function readAnswer(json: Buffer): z.output<typeof answerShape> {
  const answer = answerShape.safeParse(parseOrUndefined(json)).data;
  if (!answer) throw new ServiceError('provider_unavailable', 'The model provider sent an unreadable answer.');
  if (!isError(answer.error)) return answer;
  throw new ServiceError('provider_unavailable', 'The model provider failed while answering.');
}

function toolCallsOf(message: Message): ToolCallDelta[] {
  const calls = (message.tool_calls ?? []).map((each, position) => ({ ...each, index: each.index ?? position }));
  if (!message.function_call) return calls;
  return [...calls, { index: calls.length, id: undefined, ...functionDelta(message.function_call) }];
}

function functionDelta(called: z.output<typeof call> | null | undefined) {
  return { kind: 'function' as const, name: called?.name ?? '', input: called?.arguments ?? '' };
}

function customDelta({ name, input }: z.output<typeof customCall>) {
  return { kind: 'custom' as const, name, input };
}
