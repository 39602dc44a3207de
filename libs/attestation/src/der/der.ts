import { Malformed } from '../bytes/malformed.ts';

/** One element of DER: its tag, its content, and all of its bytes as they stand in the source. */
export interface DerElement {
  readonly tag: number;
  readonly content: Uint8Array;
  readonly whole: Uint8Array;
}

export const derTag = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  oid: 0x06,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
} as const;

interface Length {
  readonly length: number;
  readonly size: number;
}

/** @throws Malformed for lengths that DER does not know: indefinite ones, and any that is longer than it need be. */
function lengthAt(bytes: Uint8Array, at: number): Length {
  const first = bytes[at];
  if (first === undefined) throw new Malformed('DER ends too early');
  if (first < 0x80) return { length: first, size: 1 };
  const size = 1 + (first & 0x7f);
  if (size === 1 || size > 4 || at + size > bytes.length) throw new Malformed('DER of an unknown length');
  const length = bytes.subarray(at + 1, at + size).reduce((sum, byte) => sum * 256 + byte, 0);
  if (length < Math.max(0x80, 256 ** (size - 2))) throw new Malformed('DER of a length written too long');
  return { length, size };
}

function elementAt(bytes: Uint8Array, at: number): DerElement {
  const tag = bytes[at] ?? 0;
  if ((tag & 0x1f) === 0x1f) throw new Malformed('DER with a long tag');
  const { length, size } = lengthAt(bytes, at + 1);
  const from = at + 1 + size;
  if (from + length > bytes.length) throw new Malformed('DER ends too early');
  return { tag, content: bytes.subarray(from, from + length), whole: bytes.subarray(at, from + length) };
}

/** The elements that stand one after the other in `bytes`. @throws Malformed, also for more than `most`. */
export function derElements(bytes: Uint8Array, most = 64): DerElement[] {
  const elements: DerElement[] = [];
  for (let at = 0; at < bytes.length;) {
    if (elements.length === most) throw new Malformed('DER with too many elements');
    const element = elementAt(bytes, at);
    elements.push(element);
    at += element.whole.length;
  }
  return elements;
}

/** The one element that `bytes` are. @throws Malformed when it has another tag, or when something follows. */
export function derElement(bytes: Uint8Array, tag: number): DerElement {
  const element = elementAt(bytes, 0);
  if (element.tag !== tag) throw new Malformed(`DER with tag ${element.tag} where ${tag} is due`);
  if (element.whole.length !== bytes.length) throw new Malformed('DER with bytes after its end');
  return element;
}

/** The children of a constructed element. */
export const derChildren = (element: DerElement | undefined, tag: number, most?: number): DerElement[] =>
  derElements(expectTag(element, tag).content, most);

/** @throws Malformed when there is no element, or one with another tag. */
export function expectTag(element: DerElement | undefined, tag: number): DerElement {
  if (element?.tag !== tag) throw new Malformed(`DER without tag ${tag} where it is due`);
  return element;
}

/** The bits of a bit string of whole bytes. */
export function derBits(element: DerElement | undefined): Uint8Array {
  const { content } = expectTag(element, derTag.bitString);
  if (content[0] !== 0) throw new Malformed('DER with a bit string of parts of bytes');
  return content.subarray(1);
}

/** A dotted object identifier. */
export function derOid(element: DerElement | undefined): string {
  const { content } = expectTag(element, derTag.oid);
  if (content.length === 0 || content.length > 32) throw new Malformed('DER with an odd object identifier');
  const parts: number[] = [];
  let part = 0;
  for (const byte of content) {
    part = part * 128 + (byte & 0x7f);
    if (part > 2 ** 40) throw new Malformed('DER with an odd object identifier');
    if (byte < 0x80) {
      parts.push(part);
      part = 0;
    }
  }
  const [first = 0, ...others] = parts;
  const root = Math.min(2, Math.floor(first / 40));
  return [root, first - 40 * root, ...others].join('.');
}

const written = {
  [derTag.utcTime]: /^(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})Z$/,
  [derTag.generalizedTime]: /^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})Z$/,
};

const yearOf = (year: number, isShort: boolean): number => (isShort ? year + (year < 50 ? 2000 : 1900) : year);

/** Milliseconds since 1970 of a UTCTime or GeneralizedTime as certificates have them (seconds, Z). */
export function derTime(element: DerElement | undefined): number {
  const isShort = element?.tag === derTag.utcTime;
  const { content } = isShort ? element : expectTag(element, derTag.generalizedTime);
  const form = written[isShort ? derTag.utcTime : derTag.generalizedTime];
  const match = content.length > 15 ? null : form.exec(String.fromCharCode(...content));
  if (!match) throw new Malformed('DER with an odd time');
  const [year, month, day, hour, minute, second] = match.slice(1).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  return Date.UTC(yearOf(year, isShort), month - 1, day, hour, minute, second);
}
