import { describe, expect, test } from '@jest/globals';
import { pathsOf, sealedPlaceholder, shapeOf } from './shape.mjs';

describe('the shape of a request', () => {
  test('keeps what a reader decides by, and nothing that anybody said', () => {
    const body = {
      model: 'near_qwen3_30b',
      stream: true,
      messages: [
        { role: 'user', content: 'secret' },
        { role: 'user', content: [{ type: 'text', text: 'secret' }] },
        {
          role: 'assistant',
          tool_calls: [{ type: 'function', function: { name: 'read', arguments: '{"path":"secret"}' } }],
        },
      ],
      instructions: 'secret',
      text: { format: { type: 'json_object' } },
      metadata: { user_id: 'secret', deep: [{ id: 'secret' }] },
    };
    const shape = shapeOf(body);
    expect(JSON.stringify(shape)).not.toContain('secret');
    expect(shape).toMatchObject({ model: 'near_qwen3_30b', stream: true, text: { format: { type: 'json_object' } } });
    expect(shape.messages[0]).toEqual({ role: 'user', content: 'text (6)' });
    expect(JSON.parse(shape.messages[2].tool_calls[0].function.arguments)).toEqual({ path: 'text (6)' });
  });

  test('replaces words of a kind that looks like a name wherever they are said', () => {
    const block = { type: 'tool_use', id: 'toolu_1', name: 'Read', input: { file_path: 'secret', list: ['secret'] } };
    expect(JSON.stringify(shapeOf({ content: [block], input: [{ type: 'x', output: 'secret' }] }))).not.toContain(
      'secret',
    );
  });

  test('numbers ids, so that a call and its result still belong together and two runs read the same', () => {
    const [call, result] = [{ id: 'call_1234567890abcdef' }, { tool_call_id: 'call_1234567890abcdef' }];
    expect(shapeOf([call, result, { id: '01a22051-8f03-72eb-b2dc-39c01f11e8df' }])).toEqual([
      { id: 'call_1' },
      { tool_call_id: 'call_1' },
      { id: 'id_2' },
    ]);
  });

  test('marks what only one deployment can open, and keeps no key', () => {
    expect(shapeOf({ encrypted_content: 'abc', signature: '', other: 'sk-ollm-abc' })).toEqual({
      signature: '',
      encrypted_content: sealedPlaceholder,
      other: 'text (11)',
    });
  });

  test('has the same paths whatever the positions', () => {
    expect([...pathsOf({ a: [{ b: 1 }, { b: 2 }, { c: null }] })].sort()).toEqual(['.a[].b', '.a[].c']);
  });
});
