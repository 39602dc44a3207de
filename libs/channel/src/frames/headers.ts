import { ChannelError } from './channel-error.ts';

/**
 * What a gateway may say of a request, and a router of an answer. A header is its place in these lists on the wire, so one
 * that is not listed cannot be said, and a place is never used again: new ones are appended, with a new version.
 */
export const requestHeaders = [
  'content-type',
  'x-request-id',
  'x-orgn-ticket',
  'x-ollm-raw',
  'x-ollm-require',
  'x-orgn-hold',
  'x-orgn-received',
] as const;
export const answerHeaders = [
  'content-type',
  'content-length',
  'cache-control',
  'x-ollm-model',
  'x-ollm-execution',
  'x-ollm-provider',
  'x-ollm-attestation',
  'x-ollm-receipt',
  'x-ollm-translated',
  'x-ollm-cost',
  'x-ollm-max-tokens',
  'x-ollm-dropped',
  'x-orgn-withheld',
  'x-ollm-attestation-root',
] as const;

export type RequestHeaders = Readonly<Partial<Record<(typeof requestHeaders)[number], string>>>;
export type AnswerHeaders = Readonly<Partial<Record<(typeof answerHeaders)[number], string>>>;

/** What a header's value may be made of in HTTP, where these come from and go to. */
const valueForm = /^[\t\x20-\x7e\x80-\xff]*$/;
const MAX_VALUE_BYTES = 0xffff;

/**
 * Writes headers behind room for what stands before them.
 * @throws TypeError for a header that is not listed, or a value that no header can have: a fault of ours
 */
export function writeHeaders(
  list: readonly string[],
  headers: Readonly<Record<string, string | undefined>>,
  roomBytes: number,
): Buffer {
  const said = Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [{ name, value }]));
  const bytes = said.reduce((sum, { value }) => sum + 3 + value.length, roomBytes + 1);
  const payload = Buffer.allocUnsafe(bytes);
  let at = payload.writeUInt8(said.length, roomBytes);
  for (const { name, value } of said) {
    const place = list.indexOf(name);
    if (place < 0) throw new TypeError(`the header ${name} is not listed`);
    if (value.length > MAX_VALUE_BYTES || !valueForm.test(value)) throw new TypeError(`no value of the header ${name}`);
    at = payload.writeUInt16BE(value.length, payload.writeUInt8(place, at));
    at += payload.write(value, at, 'latin1');
  }
  return payload;
}

/**
 * Reads headers that fill a payload to its end.
 * @throws ChannelError `malformed`
 */
export function readHeaders<N extends string>(list: readonly N[], payload: Buffer): Partial<Record<N, string>> {
  const headers: Partial<Record<N, string>> = {};
  if (payload.length === 0) throw malformed();
  let at = 1;
  for (let count = payload.readUInt8(0); count > 0; count -= 1) {
    if (payload.length < at + 3) throw malformed();
    const name = list[payload.readUInt8(at)];
    const end = at + 3 + payload.readUInt16BE(at + 1);
    if (name === undefined || name in headers || payload.length < end) throw malformed();
    headers[name] = toValue(payload.toString('latin1', at + 3, end));
    at = end;
  }
  if (at !== payload.length) throw malformed();
  return headers;
}

function toValue(text: string): string {
  if (!valueForm.test(text)) throw malformed();
  return text;
}

function malformed(): ChannelError {
  return new ChannelError('malformed', 'The headers cannot be read.');
}
