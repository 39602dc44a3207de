/** Node keeps a text with any of these in twice the memory. */
const beyondLatin1 = /[^\0-\xff]/g;

/**
 * A program's text without characters beyond Latin-1. In strings, templates and patterns alike the escape is the character.
 * @param {string} code
 */
export function escaped(code) {
  return code.replaceAll(beyondLatin1, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
