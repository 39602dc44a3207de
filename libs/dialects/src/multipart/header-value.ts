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
  const value = VALUE.exec(text)?.[1] ?? '';
  const parameters = parametersOf(text, VALUE.lastIndex);
  return parameters && { value: value.toLowerCase(), parameters };
}

function parametersOf(text: string, start: number): Map<string, string> | undefined {
  const parameters = new Map<string, string>();
  for (let at = start; at < text.length; at = PARAMETER.lastIndex) {
    PARAMETER.lastIndex = at;
    const match = PARAMETER.exec(text);
    if (!match) return undefined;
    const [, name, quoted, token = ''] = match;
    // Nothing but a semicolon, which some clients leave at the end.
    if (name === undefined) continue;
    const key = name.toLowerCase();
    if (parameters.has(key)) return undefined;
    parameters.set(key, quoted?.replace(/\\(["\\])/g, '$1') ?? token.trim());
  }
  return parameters;
}
