import { expect, test } from '@jest/globals';
import { userAgentClass } from './user-agent-class.ts';

test.each([
  ['Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36', 'browser'],
  ['curl/8.5.0', 'cli'],
  ['Wget/1.21', 'cli'],
  ['OpenAI/Python 1.99.0', 'sdk'],
  ['AsyncOpenAI/Python 1.99.0', 'sdk'],
  ['OpenAI/JS 5.0.0', 'sdk'],
  ['ai/7.0.1 ai-sdk/openai-compatible/3.0 runtime/node.js/24', 'sdk'],
  ['python-requests/2.32', 'service'],
  ['Go-http-client/2.0', 'service'],
  ['node', 'service'],
  ['who knows', 'unknown'],
  ['', 'unknown'],
  [undefined, 'unknown'],
])('classes %j as %s', (text, expected) => {
  expect(userAgentClass(text)).toBe(expected);
});
