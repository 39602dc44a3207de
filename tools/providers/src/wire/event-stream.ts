import { logprobsOf } from './answer.ts';
import type { Answer, Usage } from './answer.ts';
import type { Choice } from './completion.ts';

/** The parts of one choice in a chunk; `delta` and `logprobs` are JSON text. */
export interface ChoicePart {
  readonly index: number;
  readonly delta: string;
  readonly logprobs: string;
  readonly finishReason: string | null;
}

/** How a provider writes the chunks of a stream. All texts are JSON. */
export interface Dialect {
  /** What stands before the choices and after them, up to the closing brace; `usage` is its place's text or ''. */
  frame(answer: Answer): { head: string; tail: (usage: string) => string };
  choicePart(part: ChoicePart): string;
  /** Delta of a choice's first chunk. */
  openDelta: string;
  closeDelta(answer: Answer, choice: Choice): string;
  toolCallId(): string;
  usage(usage: Usage): string;
  /** Fields that follow the usage in a final chunk. */
  finalTail(answer: Answer): string;
  /** Where the usage goes: a chunk of its own without choices, or the chunk with the last finish_reason. */
  usagePlace: 'own chunk' | 'final chunk';
  /** Whether chunks before the usage say `"usage":null`, as OpenAI's do. */
  saysNullUsage: boolean;
  /** Name of the field that reasoning comes in. */
  reasoningField: 'reasoning_content' | 'reasoning';
}

export interface StreamEvent {
  readonly text: string;
  /** True for chunks that carry a token: the ones that count for pace, cuts and totals. */
  readonly isToken: boolean;
}

/** The events of a streamed answer in order, tokens of several choices in turn, `[DONE]` last. */
export function* eventsOf(answer: Answer, dialect: Dialect): Generator<StreamEvent> {
  const chunk = chunkWriter(answer, dialect);
  for (const choice of answer.choices) yield* openEvents(choice, dialect, chunk);
  yield* tokenEvents(answer, chunk);
  const last = answer.choices.length - 1;
  for (const choice of answer.choices) yield plainEvent(chunk.close(choice, choice.index === last));
  if (chunk.hasUsage && dialect.usagePlace === 'own chunk') yield plainEvent(chunk.usageAlone());
  yield plainEvent('data: [DONE]\n\n');
}

type ChunkWriter = ReturnType<typeof chunkWriter>;

function chunkWriter(answer: Answer, dialect: Dialect) {
  const { head, tail } = dialect.frame(answer);
  const hasUsage = answer.showsUsage && answer.request.includeUsage;
  const isContinuous = hasUsage && answer.request.continuousUsage;
  const nullUsage = hasUsage && dialect.saysNullUsage ? ',"usage":null' : '';
  let sent = 0;
  let thought = 0;
  const usage = () => {
    const { promptTokens, cachedTokens } = answer;
    const counts = { promptTokens, completionTokens: sent, cachedTokens, reasoningTokens: thought };
    return `,"usage":${dialect.usage(counts)}`;
  };
  const running = () => (isContinuous ? usage() : nullUsage);
  const write = (part: ChoicePart, usageText: string, after = '') =>
    `${head}[${dialect.choicePart(part)}]${tail(usageText)}${after}}\n\n`;
  return {
    hasUsage,
    middle: (index: number, delta: string) => write({ index, delta, logprobs: 'null', finishReason: null }, running()),
    token: (choice: Choice, text: string, isReasoning: boolean) => {
      sent += 1;
      if (isReasoning) thought += 1;
      const logprobs = answer.request.topLogprobs === undefined ? 'null' : JSON.stringify(logprobsOf(answer, [text]));
      const delta = isReasoning ? JSON.stringify({ [dialect.reasoningField]: text }) : deltaOf(choice, text);
      return write({ index: choice.index, delta, logprobs, finishReason: null }, running());
    },
    close: (choice: Choice, isLast: boolean) => {
      const delta = dialect.closeDelta(answer, choice);
      const isFinal = isLast && dialect.usagePlace === 'final chunk';
      const part = { index: choice.index, delta, logprobs: 'null', finishReason: choice.finishReason };
      return isFinal ? write(part, hasUsage ? usage() : '', dialect.finalTail(answer)) : write(part, running());
    },
    usageAlone: () => `${head}[]${tail(usage())}}\n\n`,
  };
}

function* openEvents(choice: Choice, dialect: Dialect, chunk: ChunkWriter): Generator<StreamEvent> {
  yield plainEvent(chunk.middle(choice.index, dialect.openDelta));
  if (choice.toolName === undefined) return;
  const call = {
    index: 0,
    id: dialect.toolCallId(),
    type: 'function',
    function: { name: choice.toolName, arguments: '' },
  };
  yield plainEvent(chunk.middle(choice.index, JSON.stringify({ tool_calls: [call] })));
}

function* tokenEvents(answer: Answer, chunk: ChunkWriter): Generator<StreamEvent> {
  const longest = Math.max(...answer.choices.map((choice) => choice.tokens.length));
  for (let at = 0; at < longest; at += 1) {
    for (const choice of answer.choices) {
      const token = choice.tokens[at];
      const isReasoning = at < (choice.reasoning ?? 0);
      if (token !== undefined) yield { text: chunk.token(choice, token, isReasoning), isToken: true };
    }
  }
}

function deltaOf(choice: Choice, token: string): string {
  const text = JSON.stringify(token);
  if (choice.toolName === undefined) return `{"content":${text}}`;
  return `{"tool_calls":[{"index":0,"function":{"arguments":${text}}}]}`;
}

function plainEvent(text: string): StreamEvent {
  return { text, isToken: false };
}
