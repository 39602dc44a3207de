import { isObject, parseObject } from '../http/read-body.ts';
import { parseForm } from '../http/read-form.ts';
import { textOfContent } from '../text/content.ts';
import type { Call } from './call.ts';

/** Longest quotation, in characters. */
const longest = 300;

/**
 * The beginning of what a request asks: its last user message, or the prompt, input or query of endpoints without
 * messages. Empty where it has none.
 */
export function quotationFrom({ body, contentType }: Pick<Call, 'body' | 'contentType'>): string {
  try {
    const isForm = contentType.startsWith('multipart/');
    const asked = isForm ? parseForm(body, contentType).get('prompt')?.toString() : textOf(parseObject(body));
    return (asked ?? '').slice(0, longest);
  } catch {
    // What cannot be read is refused elsewhere.
    return '';
  }
}

/** An error's message, as a provider writes it that quotes what it refuses. */
export function quoting(message: string, quotation: string | undefined): string {
  return quotation === undefined ? message : `${message} It was asked: ${quotation}`;
}

function textOf({ messages, prompt, input, query }: Record<string, unknown>): string {
  if (!Array.isArray(messages)) return [prompt, input, query].flat().filter(isText).join('\n');
  return textOfContent(messages.filter(isObject).findLast(({ role }) => role === 'user')?.content);
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}
