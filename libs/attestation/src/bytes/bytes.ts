import { Malformed } from './malformed.ts';

export type Bytes = Uint8Array<ArrayBuffer>;

const digits = '0123456789abcdef';

/** Lower-case hex. */
export function toHex(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += digits.charAt(byte >> 4) + digits.charAt(byte & 15);
  return text;
}

/** Hex of either case, `0x` allowed. @throws Malformed for anything else, the empty text excepted. */
export function fromHex(text: string): Bytes {
  const plain = text.startsWith('0x') ? text.slice(2) : text;
  if (plain.length % 2 !== 0 || !/^[0-9a-fA-F]*$/.test(plain)) throw new Malformed('not hex');
  const bytes = new Uint8Array(plain.length / 2);
  for (let at = 0; at < bytes.length; at += 1) bytes[at] = Number.parseInt(plain.slice(2 * at, 2 * at + 2), 16);
  return bytes;
}

/** Base64 or base64url, padded or not, white space allowed. @throws Malformed for anything else. */
export function fromBase64(text: string): Bytes {
  const plain = text
    .replace(/\s+/g, '')
    .replaceAll('-', '+')
    .replaceAll('_', '/')
    .replace(/={1,2}$/, '');
  if (!/^[A-Za-z0-9+/]*$/.test(plain) || plain.length % 4 === 1) throw new Malformed('not base64');
  const binary = atob(plain);
  const bytes = new Uint8Array(binary.length);
  for (let at = 0; at < bytes.length; at += 1) bytes[at] = binary.charCodeAt(at);
  return bytes;
}

/** Padded base64. */
export function toBase64(bytes: Uint8Array): string {
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}

export function concat(...parts: readonly Uint8Array[]): Bytes {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Everything here is public, so comparing may stop at the first difference. */
export const equalBytes = (one: Uint8Array, other: Uint8Array): boolean =>
  one.length === other.length && one.every((byte, at) => byte === other[at]);

export const isZero = (bytes: Uint8Array): boolean => bytes.every((byte) => byte === 0);

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true });

export const utf8 = (text: string): Bytes => encoder.encode(text);

/** @throws Malformed when the bytes are not UTF-8. */
export function fromUtf8(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch {
    throw new Malformed('not UTF-8');
  }
}
