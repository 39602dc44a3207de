/** @jest-environment node */
import { expect, test } from '@jest/globals';
import { codeIn, languages } from './code-of-request.ts';

const request = {
  model: 'near_a',
  messages: [{ role: 'user', content: `It's "quoted", $HOME \`x\` \\ \u2028 and\nmore 🙂` }],
  temperature: 0.5,
  parallel_tool_calls: false,
  top_k: 4,
};
const base = 'https://api.example.com/v1';

test.each(languages.map(({ value }) => value))(
  'in %s the call has its address, its key from the environment and its body',
  (language) => {
    const code = codeIn(language, base, request);
    expect(code).toContain(base);
    expect(code).not.toContain('sk-ollm');
    if (language === 'go' || language === 'java') {
      const [, body = ''] = /body :?= (".*");?$/m.exec(code) ?? [];
      expect(JSON.parse(JSON.parse(body) as string)).toEqual(request);
    }
    if (language === 'typescript') {
      expect(JSON.parse(/create\((\{[^]*\})\);/.exec(code)?.[1] ?? '')).toEqual(request);
    }
  },
);

test('a shell hands curl the very body', () => {
  // Between single quotes a shell changes nothing; the body's own ones stand outside of them, behind a backslash.
  const [, word = ''] = /-d ('(?:[^']|'\\'')*')$/.exec(codeIn('curl', base, request)) ?? [];
  expect(JSON.parse(word.slice(1, -1).replaceAll(`'\\''`, "'"))).toEqual(request);
});

test('in Python what the SDK has no argument for goes along in extra_body', () => {
  const code = codeIn('python', base, request);
  expect(code).toContain('parallel_tool_calls=False,');
  expect(code).toMatch(/extra_body=\{\n\s+"top_k": 4,\n\s+\}/);
});
