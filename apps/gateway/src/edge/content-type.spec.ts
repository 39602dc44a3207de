import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ServiceError } from '@orgn/contracts';
import { readAs } from './content-type.ts';

describe('a body for an endpoint that takes JSON', () => {
  test.each([
    'application/json',
    'APPLICATION/JSON ; charset=UTF-8',
    'application/json, application/json',
    'application/json;',
    'application/json; charset',
    'application/json charset=utf-8',
    'application/vnd.api+json',
    'text/json',
    'json',
    'undefined',
    'null',
    '',
    ' ',
    ';',
  ])('is JSON when it is declared as %j', (declared) => {
    expect(readAs('json', declared)).toBe('application/json');
  });

  test.each([
    'text/plain',
    'text/plain;charset=UTF-8',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=application/json',
    'application/jsonlines',
    'application/octet-stream',
    '*/*',
    '/',
  ])('is refused when it is declared as %j', (declared) => {
    expect(() => readAs('json', declared)).toThrow(ServiceError);
  });

  test('is never anything but that, whatever the header', () => {
    fc.assert(
      fc.property(fc.constantFrom('json', 'multipart'), fc.string({ maxLength: 200 }), (media, declared) => {
        try {
          expect(readAs(media, declared)).toMatch(/^(application\/json|multipart\/form-data; boundary="[^"]+")$/);
        } catch (error) {
          expect(error).toMatchObject({ code: 'invalid_request', param: 'content-type' });
        }
      }),
    );
  });
});

describe('a body for an endpoint that takes a form', () => {
  test('is declared anew, with its boundary and nothing else', () => {
    expect(readAs('multipart', 'Multipart/Form-Data; charset=utf-8; boundary=a.b')).toBe(
      'multipart/form-data; boundary="a.b"',
    );
  });

  test.each(['application/json', 'multipart/form-data', 'multipart/mixed; boundary=b', ''])(
    'is refused when it is declared as %j',
    (declared) => {
      expect(() => readAs('multipart', declared)).toThrow(ServiceError);
    },
  );
});
