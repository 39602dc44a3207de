import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import type { HoldAnswer, KeyId, RequestId } from '@orgn/contracts';
import { makeAdmission } from '@orgn/testing';
import fc from 'fast-check';
import { makeRequestId } from '../usage/make.ts';
import { Turns } from './turns.ts';

const lineageId = `key_${'1'.repeat(32)}` as KeyId;
const held: HoldAnswer = { state: 'held', receipt: 'receipt', rates: {}, warnings: [] };
const late: HoldAnswer = { state: 'too_fast', what: 'concurrency', retryMs: 1_000, rates: {} };
const come = (concurrency: number | null) =>
  makeAdmission({ requestId: makeRequestId() as RequestId, lineageId, concurrency });

describe('a lineage with a limit of requests at a time', () => {
  test('never has more of them, and serves those who wait in the order in which they came', async () => {
    const kinds = fc.array(fc.constantFrom('comes', 'ends', 'comes'), { minLength: 1, maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(kinds, fc.integer({ min: 1, max: 4 }), async (happenings, most) => {
        const turns = new Turns(60_000);
        const running: RequestId[] = [];
        const waiting: RequestId[] = [];
        for (const happening of happenings) {
          if (happening === 'ends') {
            const [first] = running.splice(0, 1);
            if (first) turns.ended(first);
          } else {
            const admission = come(most);
            const { requestId } = admission;
            const admit = () => {
              expect(waiting.shift()).toBe(requestId);
              running.push(requestId);
              return held;
            };
            if (turns.take(admission)) running.push(requestId);
            else {
              waiting.push(requestId);
              turns.wait(admission, admit, late);
            }
          }
          expect(running.length).toBeLessThanOrEqual(most);
          expect(waiting.length === 0 || running.length === most).toBe(true);
        }
        for (let id = running.shift(); id; id = running.shift()) turns.ended(id);
        expect(waiting).toEqual([]);
      }),
    );
  });

  test('tells who has waited long enough', async () => {
    const turns = new Turns(20);
    expect(turns.take(come(1))).toBe(true);
    const second = come(1);
    expect(turns.take(second)).toBe(false);
    turns.wait(second, () => held, late);
    await expect(turns.outcomeOf(second.requestId)).resolves.toEqual(late);
  });

  test('lets in those who wait when the limit is raised, and nobody when it is lowered', async () => {
    const turns = new Turns(60_000);
    const [first, second, third] = [come(1), come(1), come(2)];
    expect([turns.take(first), turns.take(second)]).toEqual([true, false]);
    turns.wait(second, () => held, late);
    expect(turns.take(third)).toBe(false);
    await expect(turns.outcomeOf(second.requestId)).resolves.toEqual(held);
    turns.wait(third, () => held, late);
    const fourth = come(1);
    expect(turns.take(fourth)).toBe(false);
    turns.ended(first.requestId);
    const outcome = turns.outcomeOf(third.requestId)!.then(() => 'in');
    expect(await Promise.race([outcome, sleep(50).then(() => 'waits')])).toBe('waits');
    turns.ended(second.requestId);
    expect(await outcome).toBe('in');
  });

  test('counts what runs by another owner’s word', () => {
    const turns = new Turns(60_000);
    const elsewhere = come(1);
    turns.heard(elsewhere.requestId, lineageId);
    expect(turns.take(come(1))).toBe(false);
    turns.ended(elsewhere.requestId);
    expect(turns.take(come(1))).toBe(true);
  });
});

test('who has no limit of requests at a time never waits', () => {
  const turns = new Turns(60_000);
  expect(Array.from({ length: 50 }, () => turns.take(come(null)))).not.toContain(false);
});
