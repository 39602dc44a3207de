import { describe, expect, test } from '@jest/globals';
import { splice } from '../json/splice.ts';
import { chatRequestEdits } from './chat-request-edits.ts';
import { toText } from '../request/request-edits.ts';

const messages = [{ role: 'user', content: 'x' }];
function sent(fields: object, engine: 'vllm' | 'openai') {
  const body = Buffer.from(JSON.stringify({ model: 'm', messages, ...fields }));
  const {
    model: _model,
    messages: _messages,
    ...rest
  } = JSON.parse(
    splice(body, chatRequestEdits(toText(body), { upstreamModel: 'up', engine, mostTokens: 100 })).toString(),
  ) as Record<string, unknown>;
  return rest;
}
const off = { chat_template_kwargs: { enable_thinking: false, thinking: false } };
const on = { chat_template_kwargs: { enable_thinking: true, thinking: true } };

describe('what a caller says of thinking', () => {
  test.each<[object, object, object]>([
    [{ enable_thinking: false }, off, { reasoning_effort: 'none' }],
    [{ thinking: { type: 'disabled' } }, off, { reasoning_effort: 'none' }],
    [{ reasoning: { effort: 'none' } }, off, { reasoning_effort: 'none' }],
    [{ reasoning: { enabled: false } }, off, { reasoning_effort: 'none' }],
    [{ thinking: { type: 'enabled' } }, on, {}],
    [
      { thinking: { type: 'enabled', budget_tokens: 1_024 } },
      { ...on, reasoning_effort: 'low' },
      { reasoning_effort: 'low' },
    ],
    [
      { thinking: { type: 'enabled' }, reasoning_effort: 'low' },
      { ...on, reasoning_effort: 'low' },
      { reasoning_effort: 'low' },
    ],
    [{ reasoning: { effort: 'high' } }, { reasoning_effort: 'high' }, { reasoning_effort: 'high' }],
    [
      { reasoning: { effort: 'high', exclude: true } },
      { reasoning_effort: 'high', include_reasoning: false },
      { reasoning_effort: 'high' },
    ],
    [{ reasoning: { max_tokens: 9_000 } }, { reasoning_effort: 'medium' }, { reasoning_effort: 'medium' }],
    [
      { enable_thinking: true, chat_template_kwargs: { enable_thinking: false } },
      { chat_template_kwargs: { enable_thinking: false, thinking: true } },
      {},
    ],
    [{ reasoning_effort: 'minimal' }, { reasoning_effort: 'minimal' }, { reasoning_effort: 'minimal' }],
  ])('%j reaches an engine of open-weight models as %j and another as %j', (fields, vllm, openai) => {
    expect(sent(fields, 'vllm')).toEqual(vllm);
    expect(sent(fields, 'openai')).toEqual(openai);
  });
});

describe('the knobs of engines', () => {
  const knobs = {
    top_k: 5,
    min_p: 0.1,
    repetition_penalty: 1.1,
    guided_json: { type: 'object' },
    chat_template_kwargs: { thinking: 'x' },
  };

  test('pass to engines that take them and are left out elsewhere', () => {
    expect(sent(knobs, 'vllm')).toEqual(knobs);
    expect(sent({ ...knobs, temperature: 1 }, 'openai')).toEqual({ temperature: 1 });
  });
});

test('limits above the model’s output are lowered, each of them, and others stay', () => {
  expect(sent({ max_tokens: 101, max_completion_tokens: 1e6 }, 'vllm')).toEqual({
    max_tokens: 100,
    max_completion_tokens: 100,
  });
  expect(sent({ max_tokens: 100 }, 'vllm')).toEqual({ max_tokens: 100 });
});
