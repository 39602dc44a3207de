/** @jest-environment node */
import { describe, expect, test } from '@jest/globals';
import { chatRequest, type Settings } from './chat-request.ts';
import { grown, newAnswer, type Turn } from './conversation.ts';
import { faultsOf } from './faults.ts';

const model = {
  id: 'near_a',
  parameters: [
    'temperature',
    'top_k',
    'stop',
    'response_format',
    'tools',
    'tool_choice',
    'logit_bias',
    'max_completion_tokens',
  ],
  capabilities: ['chat', 'tools'],
};
const settings: Settings = { system: '', values: {}, others: '', tools: '' };
const question: Turn = { kind: 'question', id: 1, text: 'Hi', attachments: [] };

describe('the request of a conversation', () => {
  test('has the system prompt first, and parameters as what they are', () => {
    const values = {
      temperature: ' 0.5 ',
      top_k: '40',
      stop: 'END\nSTOP\n',
      response_format: '{"type":"json_object"}',
    };
    expect(
      chatRequest(model, { ...settings, system: 'Be brief.', values, others: '{"logit_bias":{"1":2}}' }, [question]),
    ).toEqual({
      model: 'near_a',
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'Hi' },
      ],
      temperature: 0.5,
      top_k: 40,
      stop: ['END', 'STOP'],
      response_format: { type: 'json_object' },
      logit_bias: { '1': 2 },
    });
  });

  test('leaves out what the model does not take, and what the page sets itself', () => {
    const others = '{"stream":false,"model":"x","messages":[],"seed":1}';
    const asked = chatRequest(
      { ...model, capabilities: ['chat'], parameters: ['temperature'] },
      { ...settings, others, tools: '[{"name":"f"}]', values: { top_k: '1' } },
      [question],
    );
    expect(asked).toEqual({ model: 'near_a', messages: [{ role: 'user', content: 'Hi' }] });
  });

  test('carries calls of tools and what they gave back, images, files and sound', () => {
    const call = { index: 0, id: 'call_1', name: 'get_time', arguments: '{}' };
    const answer = { ...grown(newAnswer(2, 'near_a'), { calls: [call] }), state: 'done' as const };
    const asked: Turn = {
      ...{ kind: 'question', id: 1, text: 'See' },
      attachments: [
        { kind: 'image', name: 'a.png', bytes: 1, dataUrl: 'data:image/png;base64,AA==' },
        { kind: 'file', name: 'a.pdf', bytes: 1, dataUrl: 'data:application/pdf;base64,AA==' },
        { kind: 'audio', name: 'a.wav', bytes: 1, dataUrl: 'data:audio/wav;base64,AA==' },
      ],
    };
    const result: Turn = { kind: 'result', id: 3, callId: 'call_1', name: 'get_time', text: '12:00' };
    const tools = '{"name":"get_time","parameters":{"type":"object"}}';
    expect(chatRequest(model, { ...settings, tools }, [asked, answer, result])).toEqual({
      model: 'near_a',
      tools: [{ type: 'function', function: { name: 'get_time', parameters: { type: 'object' } } }],
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'See' },
            { type: 'image_url', image_url: { url: 'data:image/png;base64,AA==' } },
            { type: 'file', file: { filename: 'a.pdf', file_data: 'data:application/pdf;base64,AA==' } },
            { type: 'input_audio', input_audio: { data: 'AA==', format: 'wav' } },
          ],
        },
        {
          role: 'assistant',
          content: null,
          tool_calls: [{ id: 'call_1', type: 'function', function: { name: 'get_time', arguments: '{}' } }],
        },
        { role: 'tool', tool_call_id: 'call_1', content: '12:00' },
      ],
    });
  });
});

test('what cannot be read is named, and what the model does not take is no matter', () => {
  const typed = {
    ...settings,
    values: { temperature: '3', top_k: '1.5', seed: 'x' },
    others: '{"model":"x"}',
    tools: '{',
  };
  expect(faultsOf(typed, [model]).map(({ name }) => name)).toEqual(['temperature', 'top_k', 'others', 'tools']);
  expect(faultsOf(settings, [model])).toEqual([]);
});
