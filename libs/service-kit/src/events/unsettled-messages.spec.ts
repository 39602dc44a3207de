import { describe, expect, test } from '@jest/globals';
import { usageStream } from '@orgn/contracts';
import { UnsettledMessages } from './unsettled-messages.ts';

const window = usageStream.duplicateWindowSeconds * 1_000;
const hour = 3_600_000;

function keepOne(messages = new UnsettledMessages<number>(10), id = 'a') {
  return { messages, message: messages.keep([[id, 1]]) };
}

/** Takes and repeats as a publisher does, and answers when it repeated, in milliseconds. */
function repeatsWithin(ms: number, between: (messages: UnsettledMessages<number>) => void): number[] {
  const { messages, message } = keepOne();
  message.taken(7, 0);
  const repeats: number[] = [];
  for (let now = 0; now < ms; now += 1_000) {
    between(messages);
    for (const due of messages.due(now, 1)) {
      repeats.push(now);
      due.taken(7, now);
    }
  }
  return repeats;
}

const holding = (firstSequence: number, lastSequence: number, createdAt = 'now') => ({
  createdAt,
  firstSequence,
  lastSequence,
});

describe('a message that the stream has taken', () => {
  test('is never repeated while nothing speaks against its being there, however long its consumer is away', () => {
    expect(repeatsWithin(10 * hour, () => undefined)).toEqual([]);
    expect(repeatsWithin(10 * hour, (messages) => messages.heard(holding(7, 9)))).toEqual([]);
  });

  test.each([
    ['the server was away', (messages: UnsettledMessages<number>) => messages.serverWasAway()],
    ['it has left the stream', (messages: UnsettledMessages<number>) => messages.heard(holding(8, 9))],
    ['it never came to the stream', (messages: UnsettledMessages<number>) => messages.heard(holding(1, 6))],
  ])('is repeated when %s, ever more rarely, and within the time in which the server knows it again', (_, event) => {
    const repeats = repeatsWithin(10 * hour, event);
    const gaps = repeats.slice(1).map((at, index) => at - repeats[index]!);
    expect(repeats[0]).toBeLessThanOrEqual(11_000);
    expect(Math.max(...gaps)).toBeLessThan(window);
    expect(Math.min(...gaps.slice(6))).toBeGreaterThan(window / 3);
  });

  test('is repeated once when another stream has taken the place of its own', () => {
    let now = 0;
    const repeats = repeatsWithin(hour, (messages) => {
      now += 1_000;
      messages.heard(holding(1, 9, now < 60_000 ? 'then' : 'now'));
    });
    expect(repeats).toHaveLength(1);
  });

  test('has an id of its own at each publisher, the same at every repetition and in any order of its events', () => {
    const messages = new UnsettledMessages<number>(10);
    const [first, second] = [
      messages.keep([
        ['a', 1],
        ['b', 2],
      ]).id,
      messages.keep([
        ['b', 2],
        ['a', 1],
      ]).id,
    ];
    expect(second).toBe(first);
    expect(keepOne().message.id).not.toBe(keepOne().message.id);
  });
});

describe('a message that the stream refused', () => {
  test('is tried again within 10 seconds, and at random, so that publishers do not try in step', () => {
    const delays = Array.from({ length: 20 }, () => {
      const { messages, message } = keepOne();
      for (let attempt = 0; attempt < 10; attempt += 1) message.failed(0);
      let now = 0;
      while (messages.due(now, 1).length === 0) now += 1;
      return now;
    });
    expect(Math.max(...delays)).toBeLessThanOrEqual(10_000);
    expect(new Set(delays).size).toBeGreaterThan(10);
  });
});

describe('memory', () => {
  test('gives up copies of what the stream has, oldest first, and nothing that only it holds', () => {
    const messages = new UnsettledMessages<number>(2);
    messages.keep([['only here', 1]]).failed(0);
    messages.keep([['also there', 2]]).taken(1, 0);
    expect(messages.makeRoom()).toBe(true);
    expect([messages.has('only here'), messages.has('also there')]).toEqual([true, false]);
    messages.keep([['only here too', 3]]).failed(0);
    expect(messages.makeRoom()).toBe(false);
    expect(messages.size).toBe(2);
  });

  test('forgets what is settled, a part of a message too', () => {
    const messages = new UnsettledMessages<number>(10);
    const message = messages.keep([
      ['a', 1],
      ['b', 2],
    ]);
    messages.drop(['a', 'unknown']);
    expect([...message.events.keys()]).toEqual(['b']);
    expect(messages.hasUntaken).toBe(true);
    messages.drop(['b']);
    expect([messages.size, messages.hasUntaken]).toEqual([0, false]);
  });
});
