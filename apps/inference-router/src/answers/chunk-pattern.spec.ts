import { describe, expect, test } from '@jest/globals';
import { EventSplitter, hiddenRemovals, modelEdit, outermost, readChatAnswer, readEvent, splice } from '@orgn/dialects';
import fc from 'fast-check';
import { ChunkPattern } from './chunk-pattern.ts';

const model = 'near_qwen3_30b';

/** What the parser makes of an event: the truth that a pattern is held to. */
function readFully(event: Buffer) {
  const read = readEvent(event);
  const parts = read && readChatAnswer(read.data);
  if (!read || !parts) return undefined;
  const edits = outermost([...modelEdit(parts, model), ...hiddenRemovals(read.data)]);
  return { event, read, parts, edits, shown: Buffer.concat([read.before, splice(read.data, edits), read.after]) };
}

function patternOf(event: Buffer): ChunkPattern | undefined {
  const seen = readFully(event);
  return seen && ChunkPattern.of(seen);
}

/** A pattern may say nothing of bytes; what it says is what the parser says of as many events. @returns how many these are */
function expectAgreement(pattern: ChunkPattern, learnt: Buffer, bytes: Buffer): number {
  const like = pattern.match(bytes);
  if (!like) return 0;
  const known = readFully(learnt)!.parts;
  const events = new EventSplitter(1e6).push(bytes).slice(0, like.heard.outputs);
  expect(Buffer.concat(events)).toEqual(bytes.subarray(0, like.end));
  const full = events.map((event) => readFully(event)!);
  expect(full).toHaveLength(like.heard.outputs);
  expect(like.shown).toEqual(Buffer.concat(full.map(({ shown }) => shown)));
  const characters = full.reduce((sum, { parts }) => sum + parts.outputLength, 0);
  expect(like.heard).toMatchObject({ outputLength: characters, usage: undefined, tellsUsage: false, callLength: 0 });
  for (const { parts } of full) {
    expect({ ...parts, members: [], outputLength: 0 }).toEqual({ ...known, members: [], outputLength: 0 });
  }
  return events.length;
}

const word = fc.oneof(
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }),
  fc.constantFrom(
    ' the',
    'usage',
    '"',
    '\\',
    '\n',
    'é',
    '🙂',
    'tool_calls',
    'provider_metadata',
    '","finish_reason":"stop',
  ),
);
const surroundings = fc.record({
  before: fc.constantFrom('data: ', 'data:', 'event: x\ndata: ', 'id: 7\r\ndata: '),
  extra: fc.dictionary(
    fc.constantFrom('created', 'service_tier', 'market_cost', 'usage', 'x"y'),
    fc.jsonValue({ maxDepth: 2 }),
    {
      maxKeys: 2,
      noNullPrototype: true,
    },
  ),
  delta: fc.constantFrom({}, { role: 'assistant' }, { reasoning_content: null }, { tool_calls: [] }, { content: null }),
  text: fc.constantFrom('content', 'reasoning_content', 'refusal', 'reasoning'),
  finish: fc.constantFrom(null, undefined, 'stop'),
  after: fc.constantFrom('\n\n', '\r\n\r\n'),
});
type Surroundings = typeof surroundings extends fc.Arbitrary<infer T> ? T : never;

function eventOf({ before, extra, delta, text, finish, after }: Surroundings, said: string): Buffer {
  const choices = [{ index: 0, delta: { ...delta, [text]: said }, finish_reason: finish }];
  return Buffer.from(`${before}${JSON.stringify({ id: 'c', model: 'theirs', ...extra, choices })}${after}`);
}

const plain = (said: string) =>
  eventOf({ before: 'data: ', extra: {}, delta: {}, text: 'content', finish: null, after: '\n\n' }, said);

describe('a pattern of chunks', () => {
  test('knows every plain text in the place of another one', () => {
    const pattern = patternOf(plain('Hello'))!;
    for (const said of [' world', 'a', 'été', '🙂🙂', ' '.repeat(1_024)]) {
      expect(expectAgreement(pattern, plain('Hello'), plain(said))).toBe(1);
    }
  });

  test.each([
    ['nothing', plain('')],
    ['an escape', plain('a\nb')],
    ['a quote', plain('a"b')],
    ['a long text', plain('x'.repeat(1_025))],
    ['another member in it', Buffer.from(String(plain('a')).replace('"a"', '"a","tool_calls":[{}]'))],
    ['a control character, which is no JSON', Buffer.from(String(plain('a')).replace('"a"', '"\u0001"'))],
    ['another line in it', Buffer.from(String(plain('a')).replace('"a"', '"a\n"'))],
    ['an end', Buffer.from(String(plain('a')).replace('null', '"stop"'))],
    ['half of it', plain('a').subarray(0, 40)],
    ['no byte', Buffer.alloc(0)],
  ])('leaves to the parser %s', (_name, event) => {
    expect(patternOf(plain('Hello'))!.match(event)).toBeUndefined();
  });

  test.each([
    ['says why it ends', String(plain('a')).replace('null', '"stop"')],
    ['says what was used', String(plain('a')).replace('"id"', '"usage":{"prompt_tokens":1},"id"')],
    ['says its text twice', String(plain('a')).replace('"a"', '"a","content":"b"')],
    ['has two choices', String(plain('a')).replace('"choices":[', '"choices":[{"delta":{}},')],
    ['calls a tool', String(plain('a')).replace('"a"', '"a","tool_calls":[{"id":"1"}]')],
    ['reports a failure', String(plain('a')).replace('"id"', '"error":{"message":"x"},"id"')],
    ['begins with a byte order mark', `\ufeff${String(plain('a'))}`],
    ['comes on two lines', String(plain('a')).replace('"choices"', '\ndata: "choices"')],
  ])('is not made of a chunk that %s', (_name, event) => {
    expect(patternOf(Buffer.from(event))).toBeUndefined();
  });

  test('and the parser never disagree, whatever is said and however it is written', () => {
    let matched = 0;
    fc.assert(
      fc.property(surroundings, word, word, fc.option(surroundings), (of, first, second, other) => {
        const learnt = eventOf(of, first);
        const pattern = patternOf(learnt);
        if (pattern) matched += expectAgreement(pattern, learnt, eventOf(other ?? of, second));
      }),
      { numRuns: 2_000 },
    );
    expect(matched).toBeGreaterThan(5);
  });

  test('and the parser never disagree on bytes that were changed anywhere', () => {
    const learnt = plain('Hello there');
    const pattern = patternOf(learnt)!;
    const change = fc.tuple(fc.nat(learnt.length - 1), fc.nat(3), fc.uint8Array({ maxLength: 6 }));
    fc.assert(
      fc.property(change, ([at, removed, added]) => {
        const event = Buffer.concat([learnt.subarray(0, at), Buffer.from(added), learnt.subarray(at + removed)]);
        expectAgreement(pattern, learnt, event);
      }),
      { numRuns: 5_000 },
    );
  });

  test('reads all that come together, up to the first that is another, or is not whole', () => {
    const pattern = patternOf(plain('Hello'))!;
    const said = [' one', 'zwei', 'été'].map(plain);
    const last = plain('four');
    for (const rest of [plain(''), plain('"'), last.subarray(0, -1), last.subarray(0, 9)]) {
      expect(expectAgreement(pattern, plain('Hello'), Buffer.concat([...said, rest, plain('x')]))).toBe(3);
    }
  });

  test('passes bytes on as they are where nothing of them is edited', () => {
    const { event, read, parts } = readFully(plain('Hello'))!;
    const bytes = Buffer.concat([plain('a'), plain('b')]);
    const like = ChunkPattern.of({ event, read, parts, edits: [] })!.match(bytes)!;
    expect(like.shown.buffer).toBe(bytes.buffer);
    expect(like.shown).toEqual(bytes);
  });

  test('is not made of an event that could go on', () => {
    expect(patternOf(Buffer.from(String(plain('a')).replace('\n\n', '\r\r')))).toBeUndefined();
  });

  test('and the parser never disagree on many events with bytes that were changed anywhere', () => {
    const learnt = plain('Hello there');
    const pattern = patternOf(learnt)!;
    const change = fc.tuple(fc.nat(4_000), fc.nat(3), fc.uint8Array({ maxLength: 6 }));
    let matched = 0;
    fc.assert(
      fc.property(fc.array(word, { maxLength: 12 }), fc.array(change, { maxLength: 2 }), (words, changes) => {
        const bytes = changes.reduce(
          (all, [where, removed, added]) => {
            const at = where % (all.length + 1);
            return Buffer.concat([all.subarray(0, at), Buffer.from(added), all.subarray(at + removed)]);
          },
          Buffer.concat(words.map(plain)),
        );
        matched += expectAgreement(pattern, learnt, bytes);
      }),
      { numRuns: 2_000 },
    );
    expect(matched).toBeGreaterThan(1_000);
  });
});
