import { describe, expect, test } from '@jest/globals';
import { displayName } from './names.ts';

describe('a display name', () => {
  test.each(['CI', 'Zoë’s laptop', '鍵', 'rocket 🚀', '👩‍👩‍👧'])('may be %s', (name) => {
    expect(displayName(64).parse(` ${name} `)).toBe(name);
  });

  test.each(['', '   ', 'a\u0000b', 'line\nbreak', 'bell\u0007', 'broken \ud800 pair', 'x'.repeat(65)])(
    'may not be %j',
    (name) => {
      expect(displayName(64).safeParse(name).success).toBe(false);
    },
  );
});
