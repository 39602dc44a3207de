import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { toReturnPath } from './return-path.ts';

const console = 'https://console.example';

describe('the way back', () => {
  test.each([
    '/',
    '/teams/team_acme?tab=keys#new',
    '/a//b',
    '/%5C%5Cevil.example',
    '/api/session',
    '/?x=//evil.example',
  ])('is the local path that was asked for (%s)', (path) => expect(toReturnPath(path, console)).toBe(path));

  test.each([
    undefined,
    '',
    'teams',
    'https://evil.example',
    '//evil.example',
    '///evil.example',
    '/\\evil.example',
    '\\\\evil.example',
    '/\t/evil.example',
    '/\n/evil.example',
    '/..//evil.example',
    '/./\t/evil.example',
    ' //evil.example',
    'javascript:alert(1)',
    '/api/auth/login?stepUp=1',
    '/api/auth/logout',
    '/x/../api/auth/login',
    '/\u0000',
  ])('is the start page for %j', (asked) => expect(toReturnPath(asked, console)).toBe('/'));

  test('never leaves this host, whatever is asked', () => {
    const part = fc.constantFrom(
      '/',
      '\\',
      '.',
      '..',
      ':',
      '@',
      '?',
      '#',
      '%2f',
      '\t',
      '\r\n',
      'evil.example',
      'a',
      ' ',
      '\u3000',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.array(part, { maxLength: 8 }).map((parts) => `/${parts.join('')}`),
          fc.string(),
        ),
        (asked) => {
          const path = toReturnPath(asked, console);
          expect(path).toMatch(/^\/(?![/\\])/);
          expect(new URL(path, console).origin).toBe(console);
          // A header takes it as it is.
          expect(path).toMatch(/^[\x21-\x7e]+$/);
        },
      ),
    );
  });
});
