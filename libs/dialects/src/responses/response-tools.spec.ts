import { describe, expect, test } from '@jest/globals';
import { ServiceError } from '@orgn/contracts';
import OpenAI from 'openai';
import { responseForm } from './parse-response-request.ts';
import { ResponseStream, toResponse } from './response-stream.ts';
import { responseToChatRequest } from './response-to-chat-request.ts';

const patch = {
  type: 'custom',
  name: 'apply_patch',
  description: 'Edits.',
  format: { type: 'grammar', syntax: 'lark', definition: 'start: "x"' },
};
const agents = {
  type: 'namespace',
  name: 'multi_agent_v1',
  description: 'Sub-agents.',
  tools: [
    { type: 'function', name: 'spawn', description: 'Starts one.', parameters: { type: 'object' }, strict: false },
    { type: 'custom', name: 'note' },
  ],
};
/** As Codex offers them. */
const tools = [
  { type: 'function', name: 'exec_command', parameters: { type: 'object' }, strict: false, defer_loading: true },
  patch,
  agents,
  { type: 'local_shell' },
  { type: 'shell' },
  { type: 'tool_search', execution: 'client', parameters: { type: 'object' } },
  { type: 'web_search', external_web_access: false },
  { type: 'image_generation' },
  { type: 'something_new', size: 1 },
];

const read = (fields: object) => {
  const body = Buffer.from(JSON.stringify({ model: 'm', input: 'x', ...fields }));
  return responseForm.read(body, { isStrict: false, cachesPrompts: () => false });
};
interface Chat {
  tools?: { type: string; function: { name: string; description?: string; parameters?: unknown } }[];
  tool_choice?: unknown;
  messages: { role: string; content?: unknown; tool_calls?: { function: { name: string; arguments: string } }[] }[];
}
const toChat = (fields: object) =>
  JSON.parse(responseToChatRequest(responseForm.parse(read(fields).body)).toString()) as Chat;
const refusalOf = (fields: object): unknown => {
  try {
    return read(fields);
  } catch (error) {
    return (error as ServiceError).toWire();
  }
};

const contextOf = (fields: object) => ({
  responseId: 'resp_1',
  createdAt: 1,
  model: 'm',
  request: read(fields).request,
});
const called = (name: string, input: string) => ({
  index: 0,
  id: 'call_1',
  type: 'function',
  function: { name, arguments: input },
});
const answerOf = (name: string, input: string) =>
  Buffer.from(
    JSON.stringify({
      choices: [
        {
          index: 0,
          message: { role: 'assistant', content: null, tool_calls: [called(name, input)] },
          finish_reason: 'tool_calls',
        },
      ],
    }),
  );
type Output = Record<string, unknown>[];
const wholeOutput = (name: string, input: string) =>
  (JSON.parse(toResponse(answerOf(name, input), contextOf({ tools })).toString()) as { output: Output }).output;
const streamedOutput = async (name: string, input: string) => {
  const stream = new ResponseStream(contextOf({ tools }));
  const chunks = [
    called(name, ''),
    ...[...input].map((character) => ({ index: 0, function: { arguments: character } })),
  ];
  const sent = chunks.map((call) =>
    stream.push(Buffer.from(JSON.stringify({ choices: [{ index: 0, delta: { tool_calls: [call] } }] }))),
  );
  const bytes = Buffer.concat([...sent, stream.finish()]);
  const client = new OpenAI({
    apiKey: 'k',
    fetch: async () => new Response(new Uint8Array(bytes), { headers: { 'content-type': 'text/event-stream' } }),
  });
  const response = await client.responses.stream({ model: 'm', input: 'x' }).finalResponse();
  return response.output as unknown as Output;
};

describe('tools of a responses request', () => {
  test('become functions, and those that nobody here runs are left out by name', () => {
    const { dropped } = read({ tools });
    expect(dropped.toHeader()).toMatch(/tools\[0\]\.defer_loading.*tools\[5\].*tools\[6\].*tools\[7\].*tools\[8\]/);
    expect(toChat({ tools }).tools?.map((tool) => tool.function.name)).toEqual([
      'exec_command',
      'apply_patch',
      'multi_agent_v1__spawn',
      'multi_agent_v1__note',
      'local_shell',
      'shell',
    ]);
  });

  test('tell a grammar in words', () => {
    expect(toChat({ tools: [patch] }).tools?.[0]?.function).toMatchObject({
      description: 'Edits.\n\n"input" must match this Lark grammar:\n\nstart: "x"',
      parameters: { required: ['input'] },
    });
  });

  test('get names that collide with nothing, fit, and are the same in the next turn', () => {
    const long = 'n'.repeat(100);
    const offered = [
      { type: 'function', name: 'a__b' },
      { type: 'function', name: 'apply_patch' },
      { type: 'apply_patch' },
      { ...patch, name: 'apply_patch' },
      { type: 'namespace', name: 'a', tools: [{ type: 'function', name: 'b' }] },
      { type: 'namespace', name: 'a__b', tools: [{ type: 'function', name: 'c.d' }] },
      {
        type: 'namespace',
        name: 'a',
        tools: [
          { type: 'custom', name: 'b__c.d' },
          { type: 'function', name: long },
        ],
      },
    ];
    const names = toChat({ tools: offered }).tools?.map((tool) => tool.function.name) ?? [];
    expect(new Set(names).size).toBe(8);
    for (const name of names) expect(name).toMatch(/^[a-zA-Z0-9_-]{1,64}$/);
    const history = { type: 'function_call', call_id: 'c', name: long, namespace: 'a', arguments: '{}' };
    const turn = toChat({ tools: offered, input: [{ role: 'user', content: 'x' }, history] });
    expect(turn.messages.at(-1)?.tool_calls?.[0]?.function.name).toBe(names.at(-1));
  });

  test.each<[string, string, object]>([
    ['exec_command', '{"cmd":"ls"}', { type: 'function_call', name: 'exec_command', arguments: '{"cmd":"ls"}' }],
    ['exec_command', '', { type: 'function_call', name: 'exec_command', arguments: '{}' }],
    [
      'apply_patch',
      '{"input":"*** \\"Begin\\"\\n"}',
      { type: 'custom_tool_call', name: 'apply_patch', input: '*** "Begin"\n' },
    ],
    ['apply_patch', '{"patch":"go"}', { type: 'custom_tool_call', name: 'apply_patch', input: 'go' }],
    [
      'multi_agent_v1__spawn',
      '{}',
      { type: 'function_call', name: 'spawn', namespace: 'multi_agent_v1', arguments: '{}' },
    ],
    [
      'multi_agent_v1__note',
      '{"input":"n"}',
      { type: 'custom_tool_call', name: 'note', namespace: 'multi_agent_v1', input: 'n' },
    ],
    [
      'local_shell',
      '{"command":["ls","-l"],"timeout_ms":5}',
      { type: 'local_shell_call', action: { type: 'exec', command: ['ls', '-l'], env: {}, timeout_ms: 5 } },
    ],
    [
      'shell',
      '{"commands":["ls"]}',
      { type: 'shell_call', action: { commands: ['ls'], timeout_ms: null, max_output_length: null } },
    ],
  ])(
    'calls of %s with %s come back as the caller offered it, whole and streamed, and are taken back',
    async (name, input, item) => {
      const expected = { ...item, call_id: 'call_1', status: 'completed' };
      const whole = wholeOutput(name, input);
      expect(whole).toMatchObject([expected]);
      const streamed = await streamedOutput(name, input);
      expect(streamed).toMatchObject([expected]);
      for (const output of [whole, streamed]) {
        const turn = toChat({ tools, input: [{ role: 'user', content: 'x' }, ...output] });
        const back = turn.messages.at(-1)?.tool_calls?.[0]?.function;
        expect(back?.name).toBe(name);
        expect(toResponse(answerOf(name, back?.arguments ?? ''), contextOf({ tools })).toString()).toContain(
          JSON.stringify(whole[0]).slice(-40, -2),
        );
      }
    },
  );

  test('take outputs of tools that clients know by heart, also with the older shell id', () => {
    const input = [
      {
        type: 'local_shell_call',
        id: 'lsh_1',
        call_id: 'a',
        status: 'completed',
        action: { type: 'exec', command: ['ls'], env: {} },
      },
      { type: 'local_shell_call_output', id: 'a', output: 'file' },
      { type: 'shell_call', call_id: 'b', action: { commands: ['ls'], timeout_ms: null }, status: 'completed' },
      {
        type: 'shell_call_output',
        call_id: 'b',
        output: [{ stdout: 'file', stderr: '', outcome: { type: 'exit', exit_code: 0 } }],
      },
      { type: 'apply_patch_call', call_id: 'c', status: 'completed', operation: { type: 'delete_file', path: 'x' } },
      { type: 'apply_patch_call_output', call_id: 'c', status: 'completed' },
      { type: 'tool_search_call', call_id: 'd', execution: 'client', arguments: { query: 'x' } },
      { type: 'tool_search_output', call_id: 'd', execution: 'client', tools: [{ type: 'function', name: 'f' }] },
      { type: 'custom_tool_call_output', call_id: 'e', name: 'apply_patch', output: 'done' },
    ];
    expect(
      toChat({ input })
        .messages.filter(({ role }) => role === 'tool')
        .map(({ content }) => content),
    ).toEqual([
      'file',
      JSON.stringify([{ stdout: 'file', stderr: '', outcome: { type: 'exit', exit_code: 0 } }]),
      'completed',
      'Found: f',
      'done',
    ]);
  });

  test.each<[object]>([
    [{ tools, tool_choice: { type: 'function', name: 'gone' } }],
    [{ tools, tool_choice: { type: 'custom', name: 'exec_command' } }],
    [{ tools, tool_choice: { type: 'web_search' } }],
    [{ tools: [{ type: 'web_search' }], tool_choice: 'required' }],
    [{ tools, tool_choice: { type: 'allowed_tools', mode: 'auto', tools: [{ type: 'image_generation' }] } }],
  ])('are refused by %j, which demands one that is not there', (fields) => {
    expect(refusalOf(fields)).toMatchObject({ code: 'invalid_request', param: 'tool_choice' });
  });

  test.each<[object, unknown]>([
    [{ tools: [{ type: 'web_search' }], tool_choice: 'auto', parallel_tool_calls: true }, undefined],
    [
      { tools, tool_choice: { type: 'custom', name: 'apply_patch' } },
      { type: 'function', function: { name: 'apply_patch' } },
    ],
    [
      { tools, tool_choice: { type: 'function', name: 'spawn', namespace: 'multi_agent_v1' } },
      { type: 'function', function: { name: 'multi_agent_v1__spawn' } },
    ],
    [
      { tools, tool_choice: { type: 'local_shell' } },
      { type: 'function', function: { name: 'local_shell' } },
    ],
    [
      { tools, tool_choice: { type: 'allowed_tools', mode: 'required', tools: [{ type: 'shell' }, { type: 'mcp' }] } },
      'required',
    ],
  ])('may be chosen by %j', (fields, choice) => {
    expect(toChat(fields).tool_choice).toEqual(choice);
  });

  test.each([
    ['local_shell', '{"command":5}'],
    ['shell', '{}'],
  ])('whose arguments are none of %s end the answer in error', (name, input) => {
    expect(() => wholeOutput(name, input)).toThrow(ServiceError);
  });
});
