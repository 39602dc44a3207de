import { describe, expect, test } from '@jest/globals';
import { displayName } from './names.ts';

describe('a display name', () => {
  test.each([
    ...['CI', 'Zoë’s laptop', '鍵', 'rocket 🚀', '👩‍👩‍👧', '👩🏽‍💻', '❤️‍🔥', '🏳️‍🌈 1️⃣', 'مفتاح', 'מפתח'],
    ...['می\u200Cخواهم', 'क्\u200Dष', 'n\u0303ame', '葛\u{E0100}'],
  ])('may be %s', (name) => {
    expect(displayName(64).parse(` ${name} `)).toBe(name);
  });

  test.each([
    ...[
      'a\u202Eb',
      'a\u2066b',
      'a\u200Eb',
      'a\u061Cb',
      'a\u200Bb',
      'a\u2060b',
      'a\uFEFFb',
      'a\u00ADb',
      'a\u3164b',
      'a\u034Fb',
    ],
    ...['\u200Da', 'a\u200D', 'a \u200Db', 'a\u200D\u200Db', '1\u200C2', 'a\uFE0Fb', 'a\u{E0041}b', '\u2064'],
  ])('may not hide something: %j', (name) => {
    expect(displayName(64).safeParse(name).success).toBe(false);
  });

  test.each(['', '   ', 'a\u0000b', 'line\nbreak', 'bell\u0007', 'broken \ud800 pair', 'x'.repeat(65)])(
    'may not be %j',
    (name) => {
      expect(displayName(64).safeParse(name).success).toBe(false);
    },
  );
});
