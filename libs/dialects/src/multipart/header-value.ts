/** A header's value and what follows it: `form-data; name="file"`. */
export interface HeaderValue {
  /** In lower case. */
  value: string;
  /** By names in lower case; quotes and escapes are resolved. */
  parameters: ReadonlyMap<string, string>;
}

const VALUE = /[ \t]*([^;\s"]*)[ \t]*/y;
const PARAMETER = /;[ \t]*(?:([\w!#$%&'*+.^`|~-]+)[ \t]*=[ \t]*(?:"((?:[^"\\]|\\[^])*)"|([^";]*))[ \t]*)?/y;

/**
 * Reads a value with parameters in any order, each a token or a quoted string (RFC 2045, 5.1). Every character is looked
 * at once.
 * @returns undefined when it is not well-formed, or when it has a parameter twice
 */
export function headerValue(text: string): HeaderValue | undefined {
  VALUE.lastIndex = 0;
  const value = VALUE.exec(text)?.[1]?.toLowerCase() ?? '';
  const parameters = new Map<string, string>();
  let at = VALUE.lastIndex;
  while (at < text.length) {
    PARAMETER.lastIndex = at;
    const match = PARAMETER.exec(text);
    const name = match?.[1]?.toLowerCase();
    if (!match || (name !== undefined && parameters.has(name))) return undefined;
    if (name !== undefined) parameters.set(name, match[2]?.replace(/\\(["\\])/g, '$1') ?? (match[3] ?? '').trim());
    at = PARAMETER.lastIndex;
  }
  return { value, parameters };
}
