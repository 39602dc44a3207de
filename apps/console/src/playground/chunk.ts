import type { AnswerFault, AnswerUsage, CallGrowth, Growth } from './conversation.ts';

type Part = { growth: Growth } | { usage: AnswerUsage } | { finish: string } | { fault: AnswerFault };
type Members = Readonly<Record<string, unknown>>;

/** What one event of a stream says. What is not understood says nothing: a stream does not end because of it. */
export function readChunk(data: string): Part[] {
  const chunk = membersOf(parsed(data));
  const fault = faultOf(chunk.error);
  if (fault) return [{ fault }];
  const choice = membersOf(listOf(chunk.choices)[0]);
  const delta = membersOf(choice.delta);
  const growth = {
    text: textOf(delta.content),
    reasoning: textOf(delta.reasoning_content) || textOf(delta.reasoning),
    calls: listOf(delta.tool_calls).map(toCall),
  };
  const hasGrown = growth.text !== '' || growth.reasoning !== '' || growth.calls.length > 0;
  return [
    ...(hasGrown ? [{ growth }] : []),
    ...(typeof choice.finish_reason === 'string' ? [{ finish: choice.finish_reason }] : []),
    ...(isMembers(chunk.usage) ? [{ usage: toUsage(chunk.usage) }] : []),
  ];
}

/** An error as OpenAI says it; undefined: it is none. */
export function readRefusal(text: string): AnswerFault | undefined {
  return faultOf(membersOf(parsed(text)).error);
}

function faultOf(error: unknown): AnswerFault | undefined {
  if (!isMembers(error)) return undefined;
  const code = textOf(error.code) || textOf(error.type) || 'internal';
  return { code, detail: textOf(error.message) || 'The gateway ended the answer without saying why.' };
}

function toCall(call: unknown, at: number): CallGrowth {
  const { index, id, function: called } = membersOf(call);
  const { name, arguments: text } = membersOf(called);
  return {
    index: typeof index === 'number' ? index : at,
    ...(typeof id === 'string' && id !== '' && { id }),
    ...(typeof name === 'string' && { name }),
    ...(typeof text === 'string' && { arguments: text }),
  };
}

function toUsage(usage: Members): AnswerUsage {
  const { cost } = usage;
  return {
    promptTokens: countOf(usage.prompt_tokens),
    completionTokens: countOf(usage.completion_tokens),
    reasoningTokens: countOf(membersOf(usage.completion_tokens_details).reasoning_tokens),
    cachedTokens: countOf(membersOf(usage.prompt_tokens_details).cached_tokens),
    // Nine places, as the gateway writes it; a small number would else be shown with an exponent.
    costUsd: typeof cost === 'number' && Number.isFinite(cost) && cost >= 0 ? cost.toFixed(9) : null,
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const isMembers = (value: unknown): value is Members => typeof value === 'object' && value !== null;
const membersOf = (value: unknown): Members => (isMembers(value) ? value : {});
const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
const countOf = (value: unknown): number => (typeof value === 'number' && Number.isSafeInteger(value) ? value : 0);
