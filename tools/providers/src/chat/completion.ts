import { pick, randomFrom } from '../text/random.ts';
import type { Random } from '../text/random.ts';
import { splitTokens } from '../text/tokens.ts';
import { makeWords } from '../text/words.ts';
import type { Choice, Completion } from '../wire/completion.ts';
import { lastUserText } from './chat-request.ts';
import type { ChatRequest, Tool } from './chat-request.ts';
import { drawJson } from './json-from-schema.ts';
import { countPromptTokens } from './prompt-tokens.ts';
import { scriptedCall } from './scripted-call.ts';

// The longest answer when the caller sets no limit but the control state says `usage: "max"`.
const unlimitedTokens = 4096;
// What one answer may hold in memory over all its choices.
const mostTokens = 262_144;
const anyObject = { type: 'object', properties: { answer: { type: 'string' } }, required: ['answer'] };

/**
 * Makes the answer to a request: a pure function of model, last user message, seed and number of choices.
 * `asLongAsAllowed` fills each choice up to the caller's limit.
 */
export function complete(request: ChatRequest, bodyBytes: number, asLongAsAllowed = false): Completion {
  const choices = Array.from({ length: request.choices }, (_, index) => makeChoice(request, index, asLongAsAllowed));
  return {
    request,
    choices,
    promptTokens: countPromptTokens(request.messages, request.tools, bodyBytes),
    completionTokens: choices.reduce((sum, choice) => sum + choice.tokens.length, 0),
  };
}

function makeChoice(request: ChatRequest, index: number, asLongAsAllowed: boolean): Choice {
  const random = randomFrom(request.model, lastUserText(request.messages), request.seed, request.choices, index);
  const limit = Math.min(request.maxTokens ?? unlimitedTokens, Math.floor(mostTokens / request.choices));
  const { toolName, natural } = chooseAnswer(request, random);
  const wanted = asLongAsAllowed ? [...natural, ...fill(request, random, limit - natural.length)] : natural;
  const tokens = cutAtStop(wanted.slice(0, limit), request.stop);
  const isCut = tokens.length === limit && (asLongAsAllowed || wanted.length > limit);
  const ended = toolName === undefined ? 'stop' : 'tool_calls';
  return { index, tokens, toolName, finishReason: isCut ? 'length' : ended };
}

/** What the prompt's script says, else what is demanded, else words. */
function chooseAnswer(request: ChatRequest, random: Random) {
  const scripted = scriptedCall(request);
  if (scripted !== undefined) return { toolName: scripted.name, natural: splitTokens(scripted.args) };
  const tool = request.demandedTools[pick(random, Math.max(1, request.demandedTools.length))];
  return { toolName: tool?.name, natural: makeTokens(request, random, tool) };
}

function makeTokens(request: ChatRequest, random: Random, tool: Tool | undefined): readonly string[] {
  if (tool !== undefined) return splitTokens(JSON.stringify(drawJson(tool.parameters, random)));
  if (request.schema === undefined) {
    return [...echoTokens(lastUserText(request.messages)), ...makeWords(random, 12 + pick(random, 29))];
  }
  const schema = Object.keys(request.schema).length === 0 ? anyObject : request.schema;
  return splitTokens(JSON.stringify(drawJson(schema, random)));
}

/** `[[echo:TEXT]]` in the prompt puts TEXT at the front of the answer, where no short limit cuts it off. */
function echoTokens(prompt: string): readonly string[] {
  const text = /\[\[echo:(.*?)\]\]/su.exec(prompt)?.[1];
  return text === undefined ? [] : splitTokens(`${text} `);
}

/** More tokens of the same kind: words after text, blanks after JSON, which may end in any number of them. */
function fill(request: ChatRequest, random: Random, count: number): readonly string[] {
  if (count <= 0) return [];
  const isJson =
    request.demandedTools.length > 0 || request.schema !== undefined || scriptedCall(request) !== undefined;
  return isJson ? Array.from({ length: count }, () => ' ') : makeWords(random, count).map(withBlank);
}

function withBlank(word: string): string {
  return word.startsWith(' ') ? word : ` ${word}`;
}

/** Leaves out the first stop text and all that follows; the last token may come out shorter. */
function cutAtStop(tokens: readonly string[], stop: readonly string[]): readonly string[] {
  if (stop.length === 0) return tokens;
  const text = tokens.join('');
  const found = stop.map((word) => text.indexOf(word)).filter((at) => at >= 0);
  if (found.length === 0) return tokens;
  return takeCharacters(tokens, Math.min(...found));
}

function takeCharacters(tokens: readonly string[], count: number): readonly string[] {
  const taken: string[] = [];
  let left = count;
  for (const token of tokens) {
    if (left <= 0) break;
    taken.push(token.slice(0, left));
    left -= token.length;
  }
  return taken;
}
