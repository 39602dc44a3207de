/** Kinds of characters that tokenizers treat alike. */
export type Script =
  | 'space'
  | 'newline'
  | 'lower'
  | 'upper'
  | 'marked'
  | 'digit'
  | 'punctuation'
  | 'sign'
  | 'han'
  | 'kana'
  | 'hangul'
  | 'cyrillic'
  | 'greek'
  | 'semitic'
  | 'letter'
  | 'astral';

/** The last code unit of each stretch, and what it holds; beyond ASCII roughly as Unicode's blocks. */
const stretches: readonly (readonly [number, Script])[] = [
  [0x08, 'punctuation'],
  [0x09, 'space'],
  [0x0a, 'newline'],
  [0x0c, 'punctuation'],
  [0x0d, 'newline'],
  [0x1f, 'punctuation'],
  [0x20, 'space'],
  [0x2f, 'punctuation'],
  [0x39, 'digit'],
  [0x40, 'punctuation'],
  [0x5a, 'upper'],
  [0x60, 'punctuation'],
  [0x7a, 'lower'],
  [0x7f, 'punctuation'],
  [0xa9, 'sign'],
  [0xaa, 'marked'],
  [0xb4, 'sign'],
  [0xb5, 'marked'],
  [0xbf, 'sign'],
  [0xd6, 'marked'],
  [0xd7, 'sign'],
  [0xf6, 'marked'],
  [0xf7, 'sign'],
  [0x36f, 'marked'],
  [0x3ff, 'greek'],
  [0x52f, 'cyrillic'],
  [0x58f, 'greek'],
  [0x8ff, 'semitic'],
  [0x10ff, 'letter'],
  [0x11ff, 'hangul'],
  [0x1dff, 'letter'],
  [0x1eff, 'marked'],
  [0x1fff, 'greek'],
  [0x2e7f, 'sign'],
  [0x2fdf, 'han'],
  [0x303f, 'sign'],
  [0x30ff, 'kana'],
  [0x312f, 'han'],
  [0x318f, 'hangul'],
  [0x31bf, 'han'],
  [0x31ff, 'kana'],
  [0x33ff, 'sign'],
  [0x9fff, 'han'],
  [0xabff, 'letter'],
  [0xd7ff, 'hangul'],
  [0xdfff, 'astral'],
  [0xf8ff, 'sign'],
  [0xfaff, 'han'],
  [0xfb4f, 'marked'],
  [0xfdff, 'semitic'],
  [0xfe6f, 'sign'],
  [0xfeff, 'semitic'],
  [0xff9f, 'sign'],
  [0xffff, 'sign'],
];

const table: readonly Script[] = Array.from({ length: 0x3100 }, (_, code) => findScript(code));

/** The script of one UTF-16 code unit; half of a character beyond the basic plane is `astral`. */
export function scriptOf(code: number): Script {
  if (code >= 0x4e00 && code <= 0x9fff) return 'han';
  return table[code] ?? findScript(code);
}

function findScript(code: number): Script {
  return stretches.find(([last]) => code <= last)?.[1] ?? 'sign';
}
