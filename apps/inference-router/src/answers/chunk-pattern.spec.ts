import { describe, expect, test } from '@jest/globals';
import { hiddenRemovals, modelEdit, outermost, readChatAnswer, readEvent, splice } from '@orgn/dialects';
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

/** A pattern may say nothing of an event; what it says is what the parser says. */
function expectAgreement(pattern: ChunkPattern, learnt: Buffer, event: Buffer): boolean {
  const like = pattern.match(event);
  if (!like) return false;
  const [known, full] = [readFully(learnt)!, readFully(event)];
  expect(full).toBeDefined();
  expect(like.shown).toEqual(full!.shown);
  expect({ ...full!.parts, members: [] }).toEqual({
    ...known.parts,
    ...like.heard,
    members: [],
  });
  return true;
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
      expect(expectAgreement(pattern, plain('Hello'), plain(said))).toBe(true);
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
        if (pattern && expectAgreement(pattern, learnt, eventOf(other ?? of, second))) matched += 1;
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
});
