import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { dataOf, onOneLine, readEvent } from './event-data.ts';
import { EventSplitter } from './event-splitter.ts';

const lineEnd = fc.constantFrom('\n', '\r\n', '\r');
const event = fc
  .tuple(
    fc.array(
      fc.string({ unit: 'grapheme' }).map((text) => `data: ${text.replace(/[\r\n]/g, '')}`),
      { minLength: 1, maxLength: 3 },
    ),
    lineEnd,
  )
  .map(([lines, end]) => lines.map((line) => line + end).join('') + end);

/** Cuts bytes into chunks at arbitrary places, also inside characters and terminators. */
const cut = (bytes: Buffer, cuts: number[]) => {
  const at = [...new Set(cuts.map((value) => value % (bytes.length + 1)))].sort((a, b) => a - b);
  return [...at, bytes.length].map((end, index) => bytes.subarray(index === 0 ? 0 : at[index - 1], end));
};

describe('EventSplitter', () => {
  test('finds the same events however the stream is cut into chunks', () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 8 }), fc.array(fc.nat(), { maxLength: 40 }), (events, cuts) => {
        // A line feed ends the stream, so that a last CR is not waiting for its other half.
        const bytes = Buffer.from(`${events.join('')}:end\n\n`);
        const splitter = new EventSplitter(1_000_000);
        const found = cut(bytes, cuts).flatMap((chunk) => splitter.push(chunk));
        expect(found.map(String)).toEqual([...events, ':end\n\n']);
        expect(splitter.pending.length).toBe(0);
      }),
    );
  });

  test.each(['\n', '\r\n', '\r'])('takes blank lines of %j in front for an event of its own', (end) => {
    const splitter = new EventSplitter(1_000);
    const [blank, event] = [end + end, 'data: 1\n\n'];
    expect(splitter.push(Buffer.from(blank + event)).map(String)).toEqual([blank, event]);
  });

  test('gives the last event that no blank line ends', () => {
    const splitter = new EventSplitter(1_000);
    expect(splitter.push(Buffer.from('data: 1\n\ndata: [DONE]\n')).map(String)).toEqual(['data: 1\n\n']);
    expect(String(splitter.end())).toBe('data: [DONE]\n\n\n');
    expect(splitter.end()).toBeUndefined();
  });

  test('gives up on an event that does not end within its bound', () => {
    const splitter = new EventSplitter(1_000);
    expect(() => Array.from({ length: 20 }, () => splitter.push(Buffer.alloc(100, 'x')))).toThrow(RangeError);
  });
});

describe('dataOf', () => {
  const text = (event: string) => {
    const data = dataOf(Buffer.from(event));
    return typeof data === 'object' ? event.slice(data.start, data.end) : data;
  };

  test.each([
    ['data: {"a":1}\n\n', '{"a":1}'],
    ['data:{"a":1}\r\n\r\n', '{"a":1}'],
    ['event: x\ndata: [DONE]\n\n', '[DONE]'],
    [': heartbeat\n\n', undefined],
    ['data: a\ndata: b\n\n', 'several'],
  ])('reads %j', (event, data) => {
    expect(text(event)).toBe(data);
  });
});

describe('readEvent', () => {
  const read = (text: string) => {
    const event = readEvent(Buffer.from(text));
    return event && [event.before, event.data, event.after].map(String);
  };

  test.each([
    ['id: 1\ndata: {"a":1}\r\n\r\n', ['id: 1\ndata: ', '{"a":1}', '\r\n\r\n']],
    ['data: {"a":\r\ndata:1}\n\n', ['data: ', '{"a":\n1}', '\n\n']],
    ['\ufeffdata: 1\n\n', ['data: ', '1', '\n\n']],
    ['data:\n\n', ['data:', '', '\n\n']],
    ['data: \ndata:\n\n', ['data: ', '\n', '\n\n']],
    [': ping\n\n', undefined],
  ])('reads %j', (event, parts) => {
    expect(read(event)).toEqual(parts);
  });

  test('gives data of several lines that stays as long on one line', () => {
    const { data } = readEvent(Buffer.from('data: {"a":\ndata: "x\\n"}\n\n'))!;
    expect(JSON.parse(onOneLine(data).toString())).toEqual({ a: 'x\n' });
    expect(onOneLine(data)).toHaveLength(data.length);
  });
});
