/** Hex of 8 to 64 bytes: digests, signatures, salts. What is longer is several. */
const HEX = /(?:[0-9a-f]{2}){8,64}/g;
/** Canonical JSON has no control characters: these stand for hex. */
const [NEW, OWN, EARLIER] = ['\u0001', '\u0002', '\u0003'];
// eslint-disable-next-line no-control-regex -- They are what is looked for.
const TOKEN = /\u0001(.)|\u0002([0-9a-z]+);|\u0003([0-9a-z]+);/gs;
const LENGTH_BASE = 32;

/** Texts without their hex, and the bytes that it stood for: compression makes two characters of hex no shorter than a byte. */
export interface Lifted {
  readonly texts: readonly string[];
  readonly bytes: Buffer;
}

/** @param texts canonical JSON each; what comes again is named, within its text or in all of them */
export function liftHex(texts: readonly string[]): Lifted {
  const known = new Map<string, number>();
  const lifted = texts.map((text) => {
    const start = known.size;
    return text.replace(HEX, (hex) => {
      const at = known.get(hex);
      if (at !== undefined) return at >= start ? `${OWN}${toName(at - start)};` : `${EARLIER}${toName(at)};`;
      known.set(hex, known.size);
      return NEW + String.fromCharCode(LENGTH_BASE + hex.length / 2);
    });
  });
  return { texts: lifted, bytes: Buffer.from([...known.keys()].join(''), 'hex') };
}

/** @throws Error for what `liftHex` did not make */
export function lowerHex({ texts, bytes }: Lifted): string[] {
  const known: string[] = [];
  let taken = 0;
  const take = (length: number): string => {
    const hex = bytes.toString('hex', taken, taken + length);
    taken += length;
    known.push(hex);
    return hex;
  };
  return texts.map((text) => {
    const start = known.length;
    return text.replace(TOKEN, (_, length?: string, own?: string, earlier?: string) => {
      if (length !== undefined) return take(length.charCodeAt(0) - LENGTH_BASE);
      const at = own === undefined ? fromName(earlier ?? '') : start + fromName(own);
      return known[at] ?? damaged();
    });
  });
}

const toName = (number: number) => number.toString(36);
const fromName = (name: string) => Number.parseInt(name, 36);

function damaged(): never {
  throw new Error('a block of receipts is damaged');
}
