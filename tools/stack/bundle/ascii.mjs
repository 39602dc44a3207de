/** Node keeps the text of a module with any of these in twice the memory. */
const beyondAscii = /[^\0-\x7f]/g;

/**
 * A program's text in ASCII alone. In strings, templates and patterns alike the escape is the character.
 * @param {string} code
 */
export function escaped(code) {
  return code.replaceAll(beyondAscii, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
