import { describe, expect, test } from '@jest/globals';
import { type ServiceError } from '@orgn/contracts';
import { inputCount } from '../request/prompt-input.ts';
import { splice } from '../json/splice.ts';
import { readCompletionAnswer } from './completion-answer.ts';
import { completionRequestEdits } from './completion-request-edits.ts';
import { parseCompletionRequest } from './parse-completion-request.ts';
import { toText } from '../request/request-edits.ts';

const toBody = (value: object) => Buffer.from(JSON.stringify(value));
const refusalOf = (fields: object): ServiceError => {
  try {
    parseCompletionRequest(toBody({ model: 'm', prompt: 'p', ...fields }));
  } catch (error) {
    return error as ServiceError;
  }
  throw new Error('was accepted');
};

describe('parseCompletionRequest', () => {
  test.each([
    ['text', 1],
    [['a', 'b'], 2],
    [[1, 2, 3], 1],
    [[[1], [2]], 2],
  ])('takes %j as %d prompts', (prompt, count) => {
    const request = parseCompletionRequest(toBody({ model: 'm', prompt, best_of: 2, n: 2, echo: true, suffix: 's' }));
    expect(inputCount(request.prompt)).toBe(count);
  });

  test.each<[object, string, string]>([
    [{ prompt: null }, 'invalid_request', 'prompt'],
    [{ messages: [] }, 'unknown_parameter', 'messages'],
    [{ n: 3, best_of: 2 }, 'invalid_request', 'best_of'],
    [{ stream: true, best_of: 2 }, 'invalid_request', 'best_of'],
    [{ logprobs: 6 }, 'invalid_request', 'logprobs'],
    [{ stream_options: {} }, 'invalid_request', 'stream_options'],
    [{ store: true }, 'invalid_request', 'store'],
  ])('refuses %j as %s at %s', (fields, code, param) => {
    expect(refusalOf(fields)).toMatchObject({ code, param });
  });
});

describe('completionRequestEdits', () => {
  test('set model, limit and usage, and drop what ends here', () => {
    const body = toBody({ usage: { include: true }, model: 'm', prompt: 'p', stream: true, user: 'u' });
    const edits = completionRequestEdits(toText(body), { upstreamModel: 'up', maxTokens: 5, forceUsage: true });
    expect(JSON.parse(splice(body, edits).toString())).toEqual({
      model: 'up',
      prompt: 'p',
      stream: true,
      max_tokens: 5,
      stream_options: { include_usage: true },
    });
  });
});

describe('readCompletionAnswer', () => {
  test('counts choices with text, and knows when all have ended', () => {
    const json = toBody({
      choices: [
        { text: 'a', finish_reason: 'stop' },
        { text: '', finish_reason: 'stop' },
      ],
    });
    expect(readCompletionAnswer(json)).toMatchObject({ outputs: 1, hasFinished: true, usage: undefined });
  });

  test.each(['', '[]', '{"choices":5}'])('does not pretend to read %j', (text) => {
    expect(readCompletionAnswer(Buffer.from(text))).toBeUndefined();
  });
});
