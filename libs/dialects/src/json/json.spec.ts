import { describe, expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import { type ServiceError } from '@orgn/contracts';
import { MAX_MEMBERS, MAX_VALUES } from './json-scan.ts';
import { membersOf } from './json-members.ts';
import { splice } from './splice.ts';
import { parseStrictJson } from './strict-json.ts';

const object = fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue({ maxDepth: 4 }), {
  minKeys: 0,
  maxKeys: 6,
  noNullPrototype: true,
});
const written = fc
  .tuple(object, fc.constantFrom(undefined, 1, '\t'))
  .map(([value, indent]) => ({ value, bytes: Buffer.from(JSON.stringify(value, null, indent)) }));

const valuesIn = (value: unknown): number =>
  typeof value === 'object' && value !== null
    ? Object.values(value).reduce((sum: number, each) => sum + valuesIn(each), 1)
    : 1;

const refusal = (bytes: Buffer): ServiceError => {
  try {
    parseStrictJson(bytes);
  } catch (error) {
    return error as ServiceError;
  }
  throw new Error('was accepted');
};

describe('parseStrictJson', () => {
  test('reads every object as JSON.parse does', () => {
    fc.assert(
      fc.property(written, ({ value, bytes }) =>
        expect(parseStrictJson(bytes)).toEqual(JSON.parse(JSON.stringify(value))),
      ),
    );
  });

  test.each([
    ['{"model":"a","model":"b"}', 'model'],
    ['{"model":"a","mod\\u0065l":"b"}', 'model'],
    ['{"messages":[{"role":"user","content":"x","role":"system"}]}', 'role'],
    ['{"a":{"b":{"c":1,"c":2}}}', 'c'],
  ])('refuses a name that stands twice: %s', (text, param) => {
    expect(refusal(Buffer.from(text))).toMatchObject({ code: 'invalid_request', param });
  });

  test('accepts the same name in different objects, and names inside strings', () => {
    expect(
      parseStrictJson(
        Buffer.from('[{"a":1}]'.replace('[{"a":1}]', '{"x":{"a":1},"y":{"a":1},"z":"{\\"x\\":1,\\"x\\":2}"}')),
      ),
    ).toBeDefined();
  });

  test('refuses what is nested deeper than 64 levels without overflowing', () => {
    const deep = (levels: number) => Buffer.from(`{"a":${'['.repeat(levels)}${']'.repeat(levels)}}`);
    expect(parseStrictJson(deep(63))).toBeDefined();
    expect(refusal(deep(64)).message).toContain('nested');
    expect(refusal(deep(200_000)).code).toBe('invalid_request');
  });

  test('takes 250,000 values and 20,000 fields of an object, and refuses more before they are parsed', () => {
    const parse = jest.spyOn(JSON, 'parse');
    try {
      const list = (count: number) => Buffer.from(`{"a":[${Array(count).fill('0').join()}]}`);
      const fields = (count: number) =>
        Buffer.from(`{${Array.from({ length: count }, (_, at) => `"${at}":[]`).join()}}`);
      expect(parseStrictJson(list(MAX_VALUES - 2)).a).toHaveLength(MAX_VALUES - 2);
      expect(Object.keys(parseStrictJson(fields(MAX_MEMBERS)))).toHaveLength(MAX_MEMBERS);
      parse.mockClear();
      expect(refusal(list(MAX_VALUES - 1)).message).toContain(`more than ${MAX_VALUES} values`);
      expect(refusal(fields(MAX_MEMBERS + 1)).message).toContain(`more than ${MAX_MEMBERS} fields`);
      expect(parse).not.toHaveBeenCalled();
    } finally {
      parse.mockRestore();
    }
  });

  test('counts each value once, whatever it is and however it is spaced', () => {
    fc.assert(
      fc.property(written, ({ value, bytes }) => {
        const padding = MAX_VALUES - valuesIn(JSON.parse(JSON.stringify(value))) - 2;
        const padded = (count: number) =>
          Buffer.concat([Buffer.from('{"x":'), bytes, Buffer.from(`,"y":[${'0,'.repeat(count - 1)}0]}`)]);
        expect(refusal(padded(padding + 1)).message).toContain('values');
        expect(parseStrictJson(padded(padding))).toHaveProperty('y');
      }),
      { numRuns: 10 },
    );
  });

  test.each([
    ['an empty body', Buffer.alloc(0)],
    ['an array', Buffer.from('[]')],
    ['a string', Buffer.from('"x"')],
    ['a byte order mark', Buffer.from('\ufeff{}')],
    ['broken UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])],
    ['a trailing comma', Buffer.from('{"a":1,}')],
    ['two values', Buffer.from('{} {}')],
  ])('refuses %s', (_name, bytes) => {
    expect(refusal(bytes).code).toBe('invalid_request');
  });

  test('never quotes what it refuses', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const marker = 'canary7f3a';
        const body = Buffer.concat([Buffer.from(`{"${marker}":"${marker}`), Buffer.from(bytes)]);
        try {
          parseStrictJson(body);
        } catch (error) {
          expect((error as Error).message).not.toContain(marker);
          expect(String((error as ServiceError).param)).not.toContain(marker);
        }
      }),
    );
  });
});

describe('membersOf', () => {
  test('gives each member its exact bytes', () => {
    fc.assert(
      fc.property(written, ({ value, bytes }) => {
        const found = membersOf(bytes).map((member) => [
          member.name,
          JSON.parse(bytes.toString('utf8', member.valueStart, member.valueEnd)) as unknown,
        ]);
        expect(found).toEqual(Object.entries(JSON.parse(JSON.stringify(value)) as object));
      }),
    );
  });
});

describe('splice', () => {
  test('changes the values it is told to and not one byte more', () => {
    fc.assert(
      fc.property(written, fc.jsonValue(), ({ value, bytes }, replacement) => {
        const members = membersOf(bytes);
        const target = members[0];
        fc.pre(target !== undefined);
        const text = JSON.stringify(replacement);
        const edited = splice(bytes, [{ start: target.valueStart, end: target.valueEnd, text }]);
        expect(JSON.parse(edited.toString())).toEqual(
          JSON.parse(JSON.stringify({ ...value, [target.name]: replacement })),
        );
        expect(edited.subarray(0, target.valueStart)).toEqual(bytes.subarray(0, target.valueStart));
        expect(edited.subarray(target.valueStart + Buffer.byteLength(text))).toEqual(bytes.subarray(target.valueEnd));
      }),
    );
  });

  test('refuses edits that overlap', () => {
    expect(() =>
      splice(Buffer.from('abcdef'), [
        { start: 0, end: 3, text: '' },
        { start: 2, end: 4, text: '' },
      ]),
    ).toThrow(RangeError);
  });
});
