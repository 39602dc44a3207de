import { describe, expect, test } from '@jest/globals';
import type { ServiceError } from '@orgn/contracts';
import { toMessage } from './message-stream.ts';
import { messageToChatRequest } from './message-to-chat-request.ts';
import { messageForm } from './parse-message-request.ts';

const custom = { name: 'Read', input_schema: { type: 'object' }, defer_loading: true };
const tools = [
  custom,
  { type: 'bash_20250124', name: 'bash' },
  { type: 'text_editor_20250728', name: 'str_replace_based_edit_tool', max_characters: 9 },
  { type: 'memory_20250818', name: 'memory' },
  { type: 'web_search_20250305', name: 'web_search', max_uses: 3 },
  { type: 'tool_search_tool_regex_20251119', name: 'tool_search_tool_regex' },
  { type: 'web_search_20991231', name: 'later' },
];
const read = (fields: object) => {
  const body = { model: 'm', max_tokens: 9, messages: [{ role: 'user', content: 'x' }], ...fields };
  return messageForm.read(Buffer.from(JSON.stringify(body)), { isStrict: false, cachesPrompts: () => false });
};
interface Chat {
  tools?: { function: { name: string; description?: string; parameters: { properties?: object } } }[];
  tool_choice?: unknown;
}
const toChat = (fields: object) =>
  JSON.parse(messageToChatRequest(messageForm.parse(read(fields).body)).toString()) as Chat;
const refusalOf = (fields: object): unknown => {
  try {
    return read(fields);
  } catch (error) {
    return (error as ServiceError).toWire();
  }
};

describe('tools of a messages request', () => {
  test('that the caller runs become functions under their names, and the others are left out', () => {
    const functions = toChat({ tools }).tools?.map((tool) => tool.function);
    expect(functions?.map(({ name }) => name)).toEqual(['Read', 'bash', 'str_replace_based_edit_tool', 'memory']);
    const parameters = JSON.stringify(functions?.slice(1).map((each) => each.parameters));
    for (const name of ['command', 'restart', 'old_str', 'new_path']) expect(parameters).toContain(`"${name}":`);
    expect(read({ tools }).dropped.toHeader()).toMatch(/tools\[4\].*tools\[5\].*tools\[6\]/);
  });

  test('are called by their names', () => {
    const call = { id: 'toolu_1', type: 'function', function: { name: 'bash', arguments: '{"command":"ls"}' } };
    const answer = { choices: [{ message: { content: null, tool_calls: [call] }, finish_reason: 'tool_calls' }] };
    const context = { messageId: 'msg_1', model: 'm', requestId: 'r', request: read({ tools }).request };
    expect(JSON.parse(toMessage(Buffer.from(JSON.stringify(answer)), context).toString())).toMatchObject({
      content: [{ type: 'tool_use', id: 'toolu_1', name: 'bash', input: { command: 'ls' } }],
    });
  });

  test.each<[object]>([
    [{ tools, tool_choice: { type: 'tool', name: 'web_search' } }],
    [{ tools, tool_choice: { type: 'tool', name: 'gone' } }],
    [{ tools: [tools[4]], tool_choice: { type: 'any' } }],
    [{ tool_choice: { type: 'any' } }],
  ])('are refused by %j, which demands one that is not there', (fields) => {
    expect(refusalOf(fields)).toMatchObject({ code: 'invalid_request', param: 'tool_choice' });
  });

  test.each<[object, unknown]>([
    [{ tools: [tools[4]], tool_choice: { type: 'auto', disable_parallel_tool_use: true } }, undefined],
    [{ tools, tool_choice: { type: 'any' } }, 'required'],
    [
      { tools, tool_choice: { type: 'tool', name: 'memory' } },
      { type: 'function', function: { name: 'memory' } },
    ],
  ])('may be chosen by %j', (fields, choice) => {
    expect(toChat(fields).tool_choice).toEqual(choice);
  });
});
