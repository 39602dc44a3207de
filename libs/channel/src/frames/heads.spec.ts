import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { agree, readGreeting, versions, writeGreeting } from './greeting.ts';
import { answerHeaders, requestHeaders, type AnswerHeaders, type RequestHeaders } from './headers.ts';
import {
  readAnswerHead,
  readRequestHead,
  readTrailers,
  writeAnswerHead,
  writeRequestHead,
  writeTrailers,
} from './heads.ts';

const value = fc.string({ unit: fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCharCode(code)) });
const some = <N extends string>(list: readonly N[]) =>
  fc.dictionary(fc.constantFrom(...list), value, { maxKeys: list.length }).map((headers) => ({ ...headers }));
const path = value.map((text) => `/${text.replaceAll(' ', '_')}`);

describe('a head', () => {
  test('is read as it was written', () => {
    fc.assert(
      fc.property(path, some(requestHeaders), fc.nat(0xffff_ffff), (at, headers, bodyBytes) => {
        const head = { path: at, headers: headers as RequestHeaders, bodyBytes };
        expect(readRequestHead(writeRequestHead(head))).toEqual(head);
      }),
    );
    fc.assert(
      fc.property(fc.integer({ min: 200, max: 599 }), some(answerHeaders), (status, headers) => {
        const head = { status, headers: headers as AnswerHeaders };
        expect(readAnswerHead(writeAnswerHead(head))).toEqual(head);
        expect(readTrailers(writeTrailers(head.headers))).toEqual(headers);
      }),
    );
  });

  test('cannot say a header that is not listed, nor end a line', () => {
    const odd = (headers: object) => () => writeAnswerHead({ status: 200, headers: headers });
    expect(odd({ 'set-cookie': 'a=b' })).toThrow('not listed');
    expect(odd({ 'x-ollm-model': 'a\r\nset-cookie: b' })).toThrow('no value');
    expect(odd({ 'x-ollm-model': 'ж' })).toThrow('no value');
    expect(odd({ 'x-ollm-model': 'a'.repeat(0x1_0000) })).toThrow('no value');
    expect(() => writeRequestHead({ path: '/a b', headers: {}, bodyBytes: 0 })).toThrow('no path');
  });

  test('that is cut off, goes on, or says what none can say ends the connection with a reason', () => {
    const request = writeRequestHead({ path: '/v1/x', headers: { 'x-ollm-raw': 'true' }, bodyBytes: 3 });
    const answer = writeAnswerHead({ status: 200, headers: { 'x-ollm-model': 'm', 'x-ollm-cost': '1' } });
    for (const [bytes, read] of [
      [request, readRequestHead],
      [answer, readAnswerHead],
    ] as const) {
      for (let end = 0; end < bytes.length; end += 1)
        expect(() => read(bytes.subarray(0, end))).toThrow('cannot be read');
      expect(() => read(Buffer.concat([bytes, Buffer.from('x')]))).toThrow('cannot be read');
    }
    const crlf = Buffer.from(answer);
    crlf[crlf.indexOf('m')] = 0x0a;
    expect(() => readAnswerHead(crlf)).toThrow('cannot be read');
    expect(() => readAnswerHead(Buffer.from([0, 99, 0]))).toThrow('cannot be read');
    expect(() => readAnswerHead(Buffer.from([0, 200, 1, 99, 0, 0]))).toThrow('cannot be read');
    expect(() => readAnswerHead(Buffer.from([0, 200, 2, 3, 0, 0, 3, 0, 0]))).toThrow('cannot be read');
  });

  test('of any bytes is read or refused', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        for (const read of [readRequestHead, readAnswerHead, readTrailers, readGreeting]) {
          try {
            read(Buffer.from(bytes));
          } catch (error) {
            expect(error).toMatchObject({ name: 'ChannelError', code: 'malformed' });
          }
        }
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('a greeting', () => {
  const greeting = { ...versions, credit: 65_536, requests: 10, name: 'inference-router-1' };

  test('is read as it was written, also by those who do not know what newer ones add', () => {
    expect(readGreeting(writeGreeting(greeting))).toEqual(greeting);
    expect(readGreeting(Buffer.concat([writeGreeting(greeting), Buffer.from('more')]))).toEqual(greeting);
  });

  test.each([
    [1, 1, 1, 1, 1],
    [1, 3, 2, 5, 3],
    [2, 5, 1, 3, 3],
    [1, 9, 4, 4, 4],
  ])('versions %i to %i and %i to %i agree on %i', (oldest, newest, otherOldest, otherNewest, agreed) => {
    expect(agree({ oldest, newest }, { ...greeting, oldest: otherOldest, newest: otherNewest })).toBe(agreed);
  });

  test('versions that have none in common are refused in words', () => {
    const other = { ...greeting, oldest: 3, newest: 4 };
    expect(() => agree({ oldest: 1, newest: 2 }, other)).toThrow('This side speaks versions 1 to 2, the other 3 to 4.');
    expect(() => agree({ oldest: 5, newest: 6 }, other)).toThrow('This side speaks versions 5 to 6, the other 3 to 4.');
  });
});
