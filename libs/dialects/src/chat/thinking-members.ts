import type { Engine } from '../request/engine.ts';
import type { ChatRequest } from './chat-request.ts';

/** How a request's wishes about thinking are said to an engine. */
export interface ThinkingMembers {
  /** Members to take out: other names for what `added` says. */
  removed: string[];
  /** Members to write, as JSON text by name; they replace those of the same name. */
  added: Record<string, string>;
}

/** Names that no engine here takes; `reasoning` is OpenRouter's, `thinking` Anthropic's and DeepSeek's, the others Qwen's. */
const translated = ['enable_thinking', 'reasoning', 'thinking', 'thinking_budget'] as const;
const switches = ['enable_thinking', 'thinking'] as const;

/**
 * Says in the engine's own words whether and how much a model is to think. Open-weight models have a switch in their chat
 * template, which each family names differently; others know an effort only.
 */
export function thinkingMembers(request: ChatRequest, engine: Engine): ThinkingMembers {
  const removed = translated.filter((name) => request[name] != null);
  if (removed.length === 0) return { removed: [], added: {} };
  const isOn = isThinking(request);
  const effort = isOn === false ? 'none' : effortOf(request);
  return {
    removed,
    added: engine === 'openai' ? effortMember(request, effort) : templateMembers(request, isOn, effort),
  };
}

function effortMember(request: ChatRequest, effort: string | undefined): Record<string, string> {
  return effort && request.reasoning_effort == null ? { reasoning_effort: JSON.stringify(effort) } : {};
}

function templateMembers(request: ChatRequest, isOn: boolean | undefined, effort: string | undefined) {
  const isHidden = request.reasoning?.exclude === true && request.include_reasoning == null;
  return {
    ...(isOn !== false && effortMember(request, effort)),
    ...(isOn !== undefined && { chat_template_kwargs: JSON.stringify(templateOf(request, isOn)) }),
    ...(isHidden && { include_reasoning: 'false' }),
  };
}

/** What the caller wrote into the template's switches itself stays. */
function templateOf({ chat_template_kwargs: given }: ChatRequest, isOn: boolean): Record<string, unknown> {
  return { ...Object.fromEntries(switches.map((name) => [name, isOn])), ...given };
}

function isThinking({ thinking, enable_thinking: enabled, reasoning }: ChatRequest): boolean | undefined {
  if (thinking) return thinking.type !== 'disabled';
  return enabled ?? reasoning?.enabled ?? (reasoning?.effort === 'none' ? false : undefined);
}

function effortOf(request: ChatRequest): string | undefined {
  const effort = request.reasoning?.effort;
  if (effort && effort !== 'none') return effort;
  const tokens = budgetOf(request);
  return typeof tokens === 'number' ? effortOfBudget(tokens) : undefined;
}

function budgetOf({ reasoning, thinking, thinking_budget: budget }: ChatRequest): number | null | undefined {
  return thinking?.budget_tokens ?? reasoning?.max_tokens ?? budget;
}

/** A budget of thinking, in tokens, as the nearest effort. */
export function effortOfBudget(tokens: number): 'low' | 'medium' | 'high' {
  if (tokens <= 4_096) return 'low';
  return tokens <= 16_384 ? 'medium' : 'high';
}
