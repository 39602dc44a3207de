import { textOf } from '../wire/answer.ts';
import type { Completion } from '../wire/completion.ts';
import type { StreamEvent } from '../wire/event-stream.ts';

/** A completion as the older endpoint sends it. */
export interface TextAnswer extends Completion {
  readonly id: string;
  readonly createdAt: number;
  readonly showsUsage: boolean;
}

/** JSON text of an answer that is not streamed. */
export function completionText(answer: TextAnswer): string {
  const choices = answer.choices.map((choice) => choiceOf(choice.index, textOf(choice), choice.finishReason));
  return JSON.stringify({ ...frameOf(answer), choices, ...(answer.showsUsage && { usage: usageOf(answer) }) });
}

/** The events of a streamed answer: a token of a choice each, its finish reason with the last, usage alone, `[DONE]`. */
export function* completionEvents(answer: TextAnswer): Generator<StreamEvent> {
  const write = (choices: object[], more: object = {}) =>
    `data: ${JSON.stringify({ ...frameOf(answer), choices, ...more })}\n\n`;
  const longest = Math.max(...answer.choices.map((choice) => choice.tokens.length));
  for (let at = 0; at < longest; at += 1) {
    for (const { index, tokens } of answer.choices) {
      const token = tokens[at];
      if (token !== undefined) yield { text: write([choiceOf(index, token, null)]), isToken: true };
    }
  }
  for (const { index, finishReason } of answer.choices)
    yield { text: write([choiceOf(index, '', finishReason)]), isToken: false };
  if (answer.showsUsage && answer.request.includeUsage)
    yield { text: write([], { usage: usageOf(answer) }), isToken: false };
  yield { text: 'data: [DONE]\n\n', isToken: false };
}

function frameOf(answer: TextAnswer): object {
  return { id: answer.id, object: 'text_completion', created: answer.createdAt, model: answer.request.model };
}

function choiceOf(index: number, text: string, finishReason: string | null): object {
  return { index, text, logprobs: null, finish_reason: finishReason };
}

function usageOf({ promptTokens, completionTokens }: TextAnswer): object {
  return {
    prompt_tokens: promptTokens,
    completion_tokens: completionTokens,
    total_tokens: promptTokens + completionTokens,
  };
}
