/** Distinguished encoding of ASN.1: what certificates and revocation lists are written in. Each function returns one whole value. */

export function encode(tag: number, ...contents: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(contents);
  return Buffer.concat([Buffer.from([tag]), lengthOf(body.length), body]);
}

export const sequence = (...items: readonly Uint8Array[]): Buffer => encode(0x30, ...items);
export const set = (...items: readonly Uint8Array[]): Buffer => encode(0x31, ...items);
export const octets = (bytes: Uint8Array): Buffer => encode(0x04, bytes);
export const bits = (bytes: Uint8Array, unused = 0): Buffer => encode(0x03, Buffer.from([unused]), bytes);
export const utf8 = (text: string): Buffer => encode(0x0c, Buffer.from(text));
export const enumerated = (value: number): Buffer => encode(0x0a, Buffer.from([value]));
export const yes = (): Buffer => encode(0x01, Buffer.from([0xff]));
/** An explicit tag of the context around a value. */
export const tagged = (number: number, value: Uint8Array): Buffer => encode(0xa0 + number, value);

/** A number that is not negative. */
export function integer(value: number | bigint | Uint8Array): Buffer {
  const bytes = typeof value === 'object' ? Buffer.from(value) : fromNumber(BigInt(value));
  let start = 0;
  while (start < bytes.length - 1 && bytes[start] === 0) start += 1;
  const short = bytes.subarray(start);
  const needsSign = ((short[0] ?? 0) & 0x80) !== 0;
  return encode(0x02, ...(needsSign ? [Buffer.from([0])] : []), short);
}

/** An object identifier, from its dotted form. */
export function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  return encode(0x06, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]));
}

/** A time, in the short form until 2049 as certificates demand. */
export function time(date: Date): Buffer {
  const text = date.toISOString().replace(/[-:T]|\.\d+/g, '');
  return date.getUTCFullYear() < 2050 ? encode(0x17, Buffer.from(text.slice(2))) : encode(0x18, Buffer.from(text));
}

/** Bytes between the lines that name what they are. */
export function toPem(label: 'CERTIFICATE' | 'X509 CRL', der: Uint8Array): string {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}

function lengthOf(length: number): Buffer {
  if (length < 0x80) return Buffer.from([length]);
  const bytes = fromNumber(BigInt(length));
  return Buffer.from([0x80 | bytes.length, ...bytes]);
}

function fromNumber(value: bigint): Buffer {
  const hex = value.toString(16);
  return Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex');
}

function base128(value: number): number[] {
  const digits = [value & 0x7f];
  for (let rest = Math.floor(value / 128); rest > 0; rest = Math.floor(rest / 128))
    digits.unshift((rest & 0x7f) | 0x80);
  return digits;
}
