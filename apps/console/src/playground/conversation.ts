/** Something that goes along with a question: the model reads it if it reads things of its kind. */
export interface Attachment {
  kind: 'image' | 'audio' | 'file';
  name: string;
  bytes: number;
  /** `data:image/png;base64,…`: what is sent, and what is shown. */
  dataUrl: string;
}

/** A call of a tool that an answer asks for. */
export interface ToolCall {
  id: string;
  name: string;
  /** JSON, as far as the model wrote some. */
  arguments: string;
}

/** What the head of an answer says. */
export interface AnswerHead {
  requestId: string | null;
  model: string | null;
  provider: string | null;
  execution: string | null;
  attestation: string | null;
  /** What of the request was not used, as paths. */
  dropped: string | null;
  /** Output limit that the model has, where more was asked for. */
  maxTokens: string | null;
}

export interface AnswerUsage {
  promptTokens: number;
  completionTokens: number;
  reasoningTokens: number;
  cachedTokens: number;
  /** Decimal USD; null: it was not said. */
  costUsd: string | null;
}

/** Why an answer was not given, or not to its end. */
export interface AnswerFault {
  code: string;
  detail: string;
}

export interface Question {
  kind: 'question';
  id: number;
  text: string;
  attachments: readonly Attachment[];
}

export interface Answer {
  kind: 'answer';
  id: number;
  state: 'waiting' | 'streaming' | 'done' | 'stopped' | 'failed';
  /** The model that was asked. */
  model: string;
  /** The key that it was asked under; empty: none. */
  asKey: string;
  text: string;
  reasoning: string;
  calls: readonly ToolCall[];
  head: AnswerHead | null;
  usage: AnswerUsage | null;
  finish: string | null;
  fault: AnswerFault | null;
  /** Milliseconds from the question to its first token and to its end, by this page's clock. */
  firstTokenMs: number | null;
  durationMs: number | null;
  /** The very bytes that were sent and came, for whoever verifies the answer's receipt; null: not all of them are at hand. */
  seen: Exchange | null;
}

/** A request and its answer, to the byte. */
export interface Exchange {
  request: Uint8Array;
  response: Uint8Array;
}

/** What a tool gave back, typed in by the person. */
export interface ToolResult {
  kind: 'result';
  id: number;
  callId: string;
  name: string;
  text: string;
}

export type Turn = Question | Answer | ToolResult;

/** A part of an answer as it comes. */
export interface Growth {
  text?: string;
  reasoning?: string;
  calls?: readonly CallGrowth[];
}

/** A part of a call of a tool; `index` says of which. */
export interface CallGrowth {
  index: number;
  id?: string;
  name?: string;
  arguments?: string;
}

export function newAnswer(id: number, model: string, asKey = ''): Answer {
  return {
    ...{ kind: 'answer', id, state: 'waiting', model, asKey, text: '', reasoning: '', calls: [] },
    ...{ head: null, usage: null, finish: null, fault: null, firstTokenMs: null, durationMs: null, seen: null },
  };
}

/** The answer with what has come since. */
export function grown(answer: Answer, { text = '', reasoning = '', calls = [] }: Growth): Answer {
  return {
    ...answer,
    state: 'streaming',
    text: answer.text + text,
    reasoning: answer.reasoning + reasoning,
    calls: calls.reduce(withCall, answer.calls),
  };
}

function withCall(calls: readonly ToolCall[], { index, id, name, arguments: text }: CallGrowth): readonly ToolCall[] {
  if (index < 0 || index > calls.length || index > 127) return calls;
  const before = calls[index] ?? { id: `call_${index}`, name: '', arguments: '' };
  const after = { id: id ?? before.id, name: before.name + (name ?? ''), arguments: before.arguments + (text ?? '') };
  return [...calls.slice(0, index), after, ...calls.slice(index + 1)];
}

/** The turns with one of them changed. */
export function changed(turns: readonly Turn[], id: number, change: (answer: Answer) => Answer): readonly Turn[] {
  return turns.map((turn) => (turn.kind === 'answer' && turn.id === id ? change(turn) : turn));
}

/** What was said before a turn; the whole for one that is not there. */
export function before(turns: readonly Turn[], id: number): readonly Turn[] {
  const at = turns.findIndex((turn) => turn.id === id);
  return at < 0 ? turns : turns.slice(0, at);
}

/** What was said up to a turn and with it. */
export function upTo(turns: readonly Turn[], id: number): readonly Turn[] {
  const at = turns.findIndex((turn) => turn.id === id);
  return at < 0 ? turns : turns.slice(0, at + 1);
}

/** Calls of the last answer that wait for what their tools give back. */
export function openCalls(turns: readonly Turn[]): readonly ToolCall[] {
  const last = turns.at(-1);
  return last?.kind === 'answer' && last.state === 'done' ? last.calls : [];
}

export function isUnderWay({ state }: Answer): boolean {
  return state === 'waiting' || state === 'streaming';
}

export function isRunning(turns: readonly Turn[]): boolean {
  const last = turns.at(-1);
  return last?.kind === 'answer' && isUnderWay(last);
}

/** Tokens a second from the first one to the end; undefined where there is nothing to divide. */
export function tokensPerSecond({ usage, firstTokenMs, durationMs }: Answer): number | undefined {
  if (!usage || firstTokenMs === null || durationMs === null || durationMs - firstTokenMs < 1) return undefined;
  return (usage.completionTokens * 1_000) / (durationMs - firstTokenMs);
}
