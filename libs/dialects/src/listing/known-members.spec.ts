import { expect, test } from '@jest/globals';
import { knownMember } from './known-members.ts';

test.each([
  ['model', 'model'],
  ['messages[3].content[0].text', 'messages[3]'],
  ['messages', 'messages'],
  ['response_format.json_schema.schema.properties.my_secret', 'response_format'],
  ['my_secret', null],
  ['model_of_my_secret', null],
  ['Model', null],
  ['', null],
  ['__proto__', null],
  ['constructor', null],
  [`messages[${'9'.repeat(50)}]`, 'messages'],
])('of %s is known %s', (path, known) => {
  expect(knownMember(path)).toBe(known);
});
