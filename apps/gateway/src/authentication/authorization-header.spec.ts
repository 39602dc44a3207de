import { describe, expect, test } from '@jest/globals';
import type { ServiceError } from '@orgn/contracts';
import { keyFromHeader } from './authorization-header.ts';

const key = 'sk-ollm-0123456789abcdefghijklmno15osik8';

const codeOf = (header: string | undefined): string => {
  try {
    keyFromHeader(header);
  } catch (error) {
    const { code, message } = error as ServiceError;
    if (header) expect(message).not.toContain(header);
    return code;
  }
  throw new Error('was accepted');
};

describe('keyFromHeader', () => {
  test.each([`Bearer ${key}`, `bearer ${key}`])('takes the key out of %j', (header) => {
    expect(keyFromHeader(header)).toBe(key);
  });

  test('says missing only when nothing was sent', () => {
    expect(codeOf(undefined)).toBe('missing_api_key');
    expect(codeOf('')).toBe('missing_api_key');
  });

  test.each([
    ['another scheme', `Basic ${key}`],
    ['no scheme', key],
    ['another prefix', 'Bearer sk-proj-0123456789abcdefghijklmno15osik8'],
    ['another length', `Bearer ${key}x`],
    ['upper case', `Bearer ${key.toUpperCase()}`],
    ['a wrong checksum', `Bearer ${key.slice(0, -1)}9`],
    ['two keys', `Bearer ${key} ${key}`],
    ['a line break', `Bearer ${key}\n`],
  ])('refuses %s without saying which', (_name, header) => {
    expect(codeOf(header)).toBe('invalid_api_key');
  });
});
