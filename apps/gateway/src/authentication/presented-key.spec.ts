import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { isWellFormedKey, ServiceError } from '@orgn/contracts';
import fc from 'fast-check';
import { presentedKey, type Presentation } from './presented-key.ts';

const key = 'sk-ollm-0123456789abcdefghijklmno15osik8';
const good: Presentation = { url: '/v1/models', headers: { authorization: `Bearer ${key}` }, ip: '203.0.113.9' };

const refusalOf = (parts: Partial<Presentation>): { code: string; message: string } => {
  try {
    presentedKey({ ...good, ...parts });
  } catch (error) {
    const { code, message } = error as ServiceError;
    expect(message).not.toContain(key);
    return { code, message };
  }
  throw new Error('was accepted');
};

describe('presentedKey', () => {
  test('keeps the digest and the address, not the key', () => {
    const digest = createHash('sha256').update(key).digest('base64url');
    expect(presentedKey(good)).toEqual({ digest, address: '203.0.113.9', userAgent: 'unknown' });
  });

  test.each([`?key=${key}`, `?a=1&api_key=${key.replaceAll('-', '%2D')}`, `?x=%zz&${key}`])(
    'refuses a key in the query string %#, also beside a good header',
    (query) => {
      const { code, message } = refusalOf({ url: `/v1/models${query}` });
      expect(code).toBe('invalid_api_key');
      expect(message).toMatch(/header/);
    },
  );

  test('minds no other query string', () => {
    expect(presentedKey({ ...good, url: '/v1/models?limit=3&%' }).address).toBe('203.0.113.9');
  });

  test.each(['__Host-orgn_session=abc', 'theme=dark; orgn_session_8081=abc'])(
    'says that a console session %# does not open the API',
    (cookie) => {
      const { code, message } = refusalOf({ headers: { cookie } });
      expect(code).toBe('missing_api_key');
      expect(message).toMatch(/session.*console/i);
      expect(message).not.toContain('abc');
      expect(presentedKey({ ...good, headers: { ...good.headers, cookie } }).digest).toHaveLength(43);
    },
  );

  test('takes a foreign cookie for nothing', () => {
    expect(refusalOf({ headers: { cookie: 'theme=dark' } }).message).toMatch(/No API key/);
  });

  test('answers whatever bytes come with a refusal of its own, and takes only what is a key', () => {
    const near = fc
      .tuple(fc.constantFrom('Bearer ', 'bearer ', 'Basic ', '', 'Bearer  '), fc.string(), fc.nat(39))
      .map(([scheme, text, at]) => `${scheme}${key.slice(0, at)}${text}${key.slice(at + text.length)}`);
    const authorization = fc.oneof(fc.string({ unit: 'binary' }), near, fc.constant(`Bearer ${key}`));
    const headers = fc.record({ authorization, cookie: fc.string({ unit: 'binary' }) }, { requiredKeys: [] });
    const presentation = fc.record({ url: fc.oneof(fc.webPath(), fc.string()), headers, ip: fc.string() });
    fc.assert(
      fc.property(presentation, (parts) => {
        try {
          expect(presentedKey(parts).digest).toHaveLength(43);
          expect(isWellFormedKey(parts.headers.authorization?.split(' ')[1] ?? '')).toBe(true);
        } catch (error) {
          if (!(error instanceof ServiceError)) throw error;
          expect(['missing_api_key', 'invalid_api_key']).toContain(error.code);
        }
      }),
      { numRuns: process.env.TEST_LONG === '1' ? 10_000 : 1_000 },
    );
  });
});
