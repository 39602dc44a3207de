import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { Msg } from '@nats-io/transport-node';
import { askHedged, LATE_MS } from './hedged-question.ts';
import type { Inboxes, Question } from './inboxes.ts';
import type { Instances } from './instances.ts';

const question: Question = { subject: 'keys.verify', responder: 'key-registry', body: Buffer.from('{}') };
const names = ['a', 'b', 'c'];
const ANSWER_MS = 2 * LATE_MS;

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

/** Asks where each instance answers late. @returns the subjects that were asked */
async function askedOf(areMostLate: boolean): Promise<string[]> {
  const asked: string[] = [];
  const ask = ({ subject }: Question) => {
    asked.push(subject);
    return new Promise<Msg>((resolve) => setTimeout(() => resolve({} as Msg), ANSWER_MS));
  };
  const instances = {
    areMostLate,
    choose: (but?: string) => names.find((name) => name !== but),
    wasLate: () => undefined,
    wasInTime: () => undefined,
  };
  const answer = askHedged({ ask } as unknown as Inboxes, instances as unknown as Instances, question, 2_000);
  await jest.advanceTimersByTimeAsync(3 * ANSWER_MS);
  await answer;
  return asked;
}

describe('a question whose answer is late', () => {
  test('is asked once more, of another instance', async () => {
    expect(await askedOf(false)).toEqual(['keys.verify.a', 'keys.verify.b']);
  });

  test('is not asked again while more than half are late, though another one is there: it is what they all wait for', async () => {
    expect(await askedOf(true)).toEqual(['keys.verify.a']);
  });
});
