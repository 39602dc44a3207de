import { expect, test } from '@jest/globals';
import { parseChatRequest } from './chat-request.ts';
import { complete } from './completion.ts';

const tools = ['read', 'write'].map((name) => ({ type: 'function', function: { name, parameters: {} } }));
const script = {
  role: 'user',
  content: 'Do: [[call:look|read {"path":"a","list":[[1]]}]] [[call:write {"path":"b"}]]',
};
const result = { role: 'tool', tool_call_id: 'c', content: 'done' };
const called = { role: 'assistant', content: null };

function choiceOf(messages: object[], offered: object[] = tools) {
  const body = { model: 'm', messages, tools: offered };
  return complete(parseChatRequest(body), 1_000).choices[0]!;
}

test('calls the first of the names that is offered, with the arguments that the prompt has', () => {
  const choice = choiceOf([script]);
  expect(choice).toMatchObject({ toolName: 'read', finishReason: 'tool_calls' });
  expect(choice.tokens.join('')).toBe('{"path":"a","list":[[1]]}');
});

test('calls one after the other, one in each answer, then says words, whatever role the results come back in', () => {
  expect(choiceOf([script, called, result])).toMatchObject({ toolName: 'write' });
  expect(choiceOf([script, called, { role: 'user', content: 'It says: done' }])).toMatchObject({ toolName: 'write' });
  expect(choiceOf([script, called, result, called, result]).toolName).toBeUndefined();
});

test('plays the script of the last message that has one, whatever the user said since', () => {
  const later = { role: 'user', content: [{ type: 'text', text: '[[call:write {}]]' }] };
  expect(choiceOf([script, called, result, later, { role: 'user', content: 'a remark' }]).toolName).toBe('write');
});

test.each([
  ['of a tool that is not offered', '[[call:delete {}]]'],
  ['whose arguments are no JSON', '[[call:read {path}]]'],
  ['without an end', '[[call:read {"path":"a"}'],
  ['without arguments', '[[call:read]]'],
])('takes a call %s for text', (_, content) => {
  expect(choiceOf([{ role: 'user', content }]).toolName).toBeUndefined();
});
