import { isObject } from '../http/read-body.ts';
import { textOfContent } from '../text/content.ts';
import type { ChatMessage, ChatRequest } from './chat-request.ts';

/** A tool call that the prompt itself asks for. */
export interface ScriptedCall {
  readonly name: string;
  /** JSON text of the arguments, as the prompt has it. */
  readonly args: string;
}

/**
 * The call whose turn it is. `[[call:NAME {…}]]` in a user's message has that tool called with these arguments, when it is
 * offered; several are called one after the other, one in each answer. `A|B` is the first of the names
 * that is offered. Undefined when all have been called, so that the model then says something.
 */
export function scriptedCall({ messages, offeredTools }: ChatRequest): ScriptedCall | undefined {
  const at = messages.findLastIndex((message) => message.role === 'user' && callsIn(message).length > 0);
  const script = messages[at];
  if (script === undefined) return undefined;
  const said = messages.slice(at).filter((message) => message.role === 'assistant').length;
  const call = callsIn(script)[said];
  const name = call?.names.find((wanted) => offeredTools.some((tool) => tool.name === wanted));
  return call === undefined || name === undefined ? undefined : { name, args: call.args };
}

/** At most so many characters are searched for the end of one call. */
const longestCall = 20_000;

function callsIn(message: ChatMessage): readonly { names: readonly string[]; args: string }[] {
  const pieces = textOfContent(message.content).split('[[call:').slice(1);
  return pieces.flatMap((piece) => {
    const text = piece.slice(0, longestCall);
    const [blank, end] = [text.indexOf(' '), text.indexOf('}]]')];
    if (blank < 0 || end < blank) return [];
    const args = text.slice(blank + 1, end + 1);
    return isJsonObject(args) ? [{ names: text.slice(0, blank).split('|'), args }] : [];
  });
}

function isJsonObject(text: string): boolean {
  try {
    return isObject(JSON.parse(text));
  } catch {
    return false;
  }
}
