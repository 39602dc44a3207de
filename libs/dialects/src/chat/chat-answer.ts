import { parseOrUndefined, reportsError, type AnswerParts } from '../answer/answer-parts.ts';
import { readUsage, tellsUsage } from '../answer/provider-usage.ts';
import { membersOf } from '../json/json-members.ts';

/** What the router needs to know of a chat answer, or of one chunk of a streamed one. */
export type ChatAnswerParts = AnswerParts;

/**
 * Reads an answer or a chunk.
 * @param json its bytes
 * @returns undefined when they are not the JSON object they should be
 */
export function readChatAnswer(json: Buffer): ChatAnswerParts | undefined {
  const answer = parseOrUndefined(json);
  const choices = isObject(answer) ? choicesOf(answer.choices) : undefined;
  if (!isObject(answer) || !choices) return undefined;
  return {
    ...outputsOf(choices),
    usage: readUsage(answer.usage),
    tellsUsage: tellsUsage(answer.usage),
    hasChoices: choices.length > 0,
    hasFinished: choices.every(isFinished),
    hasError: reportsError(answer, 'choices'),
    choices: choices.map(indexOf),
    finished: choices.flatMap((choice, place) => (isFinished(choice) ? [indexOf(choice, place)] : [])),
    members: membersOf(json),
  };
}

interface Choice {
  index?: unknown;
  delta?: Message | null;
  message?: Message | null;
  finish_reason?: unknown;
}
type Message = Record<string, unknown>;

const isFinished = (choice: Choice) => Boolean(choice.finish_reason);
const indexOf = ({ index }: Choice, place: number) => (typeof index === 'number' ? index : place);

/** Checked by hand, because it is done for every token: a schema costs as much as parsing the chunk. */
function choicesOf(choices: unknown): Choice[] | undefined {
  if (choices === undefined || choices === null) return [];
  return Array.isArray(choices) && choices.every(isChoice) ? choices : undefined;
}

function isChoice(choice: unknown): choice is Choice {
  return isObject(choice) && isMessage(choice.delta) && isMessage(choice.message);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const isMessage = (value: unknown) => value === undefined || value === null || isObject(value);

const TEXTS = ['content', 'refusal'];
const CALLS = ['tool_calls', 'function_call'];

/** What choices say: not the opening role, not an empty closing delta. */
function outputsOf(choices: readonly Choice[]) {
  const outputs = { outputs: 0, outputLength: 0, callLength: 0 };
  for (const { delta, message } of choices) {
    const said = delta ?? message;
    if (!said) continue;
    // vLLM says the same under both names.
    const thought = lengthOf(said.reasoning_content) || lengthOf(said.reasoning);
    const text = TEXTS.reduce((sum, name) => sum + lengthOf(said[name]), thought);
    const calls = CALLS.reduce((sum, name) => sum + lengthOf(said[name]), 0);
    if (delta && (text + calls > 0 || Boolean(said.audio))) outputs.outputs += 1;
    outputs.outputLength += text + calls;
    outputs.callLength += calls;
  }
  return outputs;
}

/** Characters of a text; of a list or an object, those that JSON writes it with. */
function lengthOf(value: unknown): number {
  if (!value) return 0;
  return typeof value === 'string' ? value.length : lengthOfList(value);
}

/** An empty list of calls says nothing; vLLM has one in each message. */
function lengthOfList(value: unknown): number {
  return Array.isArray(value) && value.length === 0 ? 0 : JSON.stringify(value).length;
}
