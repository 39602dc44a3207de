import { describe, expect, test } from '@jest/globals';
import { ServiceError } from '@orgn/contracts';
import { toSafeError } from './safe-error.ts';

const marker = 'canary-41fe';

const thrown = (work: () => unknown): unknown => {
  try {
    work();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
};

describe('toSafeError', () => {
  test.each([
    ['a parser that quotes its input', thrown(() => JSON.parse(`{"${marker}`))],
    [
      'a driver that carries parameters',
      Object.assign(new Error(`duplicate key ${marker}`), { parameters: [marker], code: '23505', query: marker }),
    ],
    ['a thrown string', marker],
    ['a code that is text', Object.assign(new Error('x'), { code: `${marker} with spaces` })],
    ['a message of many lines', new Error(`${marker}\n    at ${marker}\n    at fake (${marker})`)],
    ['a cause', new Error('outer', { cause: new Error(marker) })],
  ])('keeps no content of %s', (_name, error) => {
    expect(JSON.stringify(toSafeError(error))).not.toContain(marker);
  });

  test('keeps what helps: the class, the code, the place, and our own message', () => {
    const error = Object.assign(new ServiceError('internal', 'Our words.'), {});
    expect(toSafeError(error)).toMatchObject({ name: 'ServiceError', message: 'Our words.', code: 'internal' });
    expect(toSafeError(error).at?.[0]).toContain('safe-error.spec');
    expect(toSafeError(Object.assign(new Error('x'), { code: 'ECONNREFUSED' })).code).toBe('ECONNREFUSED');
  });

  test('keeps the class of a cause, however deep, and says nothing of what is not there', () => {
    const bare = (error: Error) => Object.assign(error, { stack: undefined });
    const inner = bare(new TypeError(marker));
    const outer = bare(new Error('x', { cause: bare(new RangeError('y', { cause: inner })) }));
    expect(toSafeError(outer)).toStrictEqual({
      name: 'Error',
      cause: { name: 'RangeError', cause: { name: 'TypeError' } },
    });
  });

  test('keeps a place of a single frame', () => {
    const error = Object.assign(new Error('x'), { stack: 'Error: x\n    at work (file.ts:1:2)' });
    expect(toSafeError(error)).toStrictEqual({ name: 'Error', at: ['at work (file.ts:1:2)'] });
  });
});
