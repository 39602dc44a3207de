import { beforeEach, expect, test } from '@jest/globals';
import { Siblings } from './siblings.ts';

let now = 0;
let siblings: Siblings;
const hear = (instance: string, isLeaving = false) => siblings.hear({ instance, isLeaving });

beforeEach(() => {
  now = 0;
  siblings = new Siblings('b', () => now);
});

test('its own announcements make no instance another one', () => {
  hear('b');
  expect(siblings.isAnyStaying).toBe(false);
});

test('another one stays until it says that it is leaving, or three announcements were missed', () => {
  hear('a');
  expect(siblings.isAnyStaying).toBe(true);
  hear('a', true);
  expect(siblings.isAnyStaying).toBe(false);
  hear('a');
  now = 6_501;
  expect(siblings.isAnyStaying).toBe(false);
});

test('the first by name is the one that no other name comes before', () => {
  expect(siblings.isOwnFirst).toBe(true);
  hear('c', true);
  expect(siblings.isOwnFirst).toBe(true);
  hear('a', true);
  expect(siblings.isOwnFirst).toBe(false);
});
