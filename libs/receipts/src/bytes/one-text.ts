import { canonicalJson, Malformed } from '@orgn/attestation';

/**
 * Reads JSON that may be written in one way only, but for white space between its parts: no member twice, none in another order,
 * no escape or number in another form. So whatever is changed in the text is a change of what it says.
 * @param most characters that it may have
 * @throws Malformed
 */
export function readOneText(text: string, most: number): unknown {
  if (text.length > most) throw new Malformed(`larger than ${most} characters`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Malformed('not JSON');
  }
  if (withoutSpace(text) !== canonicalJson(value)) throw new Malformed('not written in its one form');
  return value;
}

/** The text without white space outside of strings. */
function withoutSpace(text: string): string {
  const parts: string[] = [];
  let at = 0;
  while (at < text.length) {
    const quote = text.indexOf('"', at);
    const outside = text.slice(at, quote < 0 ? text.length : quote);
    parts.push(outside.replace(/[ \t\r\n]/g, ''));
    if (quote < 0) break;
    const end = endOfString(text, quote + 1);
    parts.push(text.slice(quote, end));
    at = end;
  }
  return parts.join('');
}

/** Behind the quote that ends a string. @param start behind the one that begins it */
function endOfString(text: string, start: number): number {
  let at = start;
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at + 1;
}
