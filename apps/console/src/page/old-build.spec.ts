import { beforeEach, describe, expect, test } from '@jest/globals';
import { isOldBuild, reloadOnce } from './old-build.ts';

describe('a part of the console that is gone with its release', () => {
  test.each([
    ['Chromium', 'Failed to fetch dynamically imported module: https://console.example/assets/keys-page-1.js'],
    ['Firefox', 'error loading dynamically imported module: https://console.example/assets/keys-page-1.js'],
    ['Safari', 'Importing a module script failed.'],
    ['a style sheet', 'Unable to preload CSS for /assets/keys-page-1.css'],
  ])('is known by the words of %s', (_, message) => {
    expect(isOldBuild(new TypeError(message))).toBe(true);
  });

  test('is told apart from other faults', () => {
    expect(isOldBuild(new TypeError('Failed to fetch'))).toBe(false);
    expect(isOldBuild('gone')).toBe(false);
  });
});

describe('loading again by itself', () => {
  beforeEach(() => sessionStorage.clear());

  test('happens once in a minute, so that what is missing for another reason ends in words', () => {
    let reloads = 0;
    const load = () => (reloads += 1);
    expect([reloadOnce(100_000, load), reloadOnce(110_000, load), reloadOnce(159_999, load), reloads]).toEqual([
      true,
      false,
      false,
      1,
    ]);
    expect([reloadOnce(160_000, load), reloads]).toEqual([true, 2]);
  });
});
