import { z } from 'zod';

/** What a joiner may stand between: letters with their marks, and pictures with their skin tones and styles. */
const BEFORE = '[\\p{L}\\p{M}\\p{Extended_Pictographic}\\p{Emoji_Modifier}]';
const AFTER = '[\\p{L}\\p{Extended_Pictographic}]';
/** What has styles to select: pictures, keycaps, and letters that are drawn in several ways. */
const STYLED =
  '[\\p{Extended_Pictographic}\\p{Emoji_Component}\\p{Script=Han}\\p{Script=Mongolian}\\p{Script=Phags_Pa}]';

/** Joiners and style selectors where they belong; Persian, Hindi and many pictures cannot be written without them. */
const INVISIBLE_IN_PLACE = new RegExp(
  `(?<=${BEFORE})[\\u200C\\u200D](?=${AFTER})|(?<=${STYLED})\\p{Variation_Selector}`,
  'gu',
);
/** Characters that are drawn as nothing, and those that turn the direction of what stands around them. */
const INVISIBLE = /[\p{Default_Ignorable_Code_Point}\p{Bidi_Control}]/u;

/**
 * A name that people read: trimmed, 1 to `max` UTF-16 units, without control characters, broken surrogate pairs, and
 * characters that nobody sees. Postgres cannot store NUL, control characters garble terminals and logs, and two names that
 * look the same must be the same.
 */
export function displayName(max: number) {
  return z
    .string()
    .trim()
    .min(1)
    .max(max)
    .regex(/^[^\p{Cc}\p{Cs}]*$/u, 'must not contain control characters')
    .refine(isVisible, 'must not contain invisible characters or ones that change the direction of text');
}

function isVisible(name: string): boolean {
  return !INVISIBLE.test(name.replaceAll(INVISIBLE_IN_PLACE, ''));
}
