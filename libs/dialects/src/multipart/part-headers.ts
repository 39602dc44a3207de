import { ServiceError } from '@orgn/contracts';
import { fileName } from './file-name.ts';
import { headerValue, type HeaderValue } from './header-value.ts';

/** What the headers of a part say of it. */
export interface PartHeaders {
  name: string;
  /** Present on files, in ASCII. It is the caller's content: never log it. */
  filename: string | undefined;
  /** `audio/wav`, without parameters; undefined when there is none, or none that is well-formed. */
  type: string | undefined;
  charset: string | undefined;
}

/** Headers that decide something; all others mean nothing in a form (RFC 7578, 4.8). */
const deciding = new Set(['content-disposition', 'content-transfer-encoding', 'content-type']);
/** Encodings that leave bytes as they are. RFC 7578 deprecates the header, and clients write it all the same. */
const plain = new Set(['binary', '7bit', '8bit']);
const LINE = /^([\w!#$%&'*+.^`|~-]+)[ \t]*:(.*)$/;
const TYPE = /^[\w!#$&^.+-]{1,64}\/[\w!#$&^.+-]{1,64}$/;

/**
 * Reads the headers of one part. Names are those of fields: no quotes, escapes or characters outside of ASCII.
 * @param text header lines as Latin-1, CRLF between them
 * @param position of the part in its form, from 1, to name it where its own name cannot
 * @throws ServiceError `invalid_request` naming the part and the header
 */
export function partHeaders(text: string, position: number): PartHeaders {
  const nth = `Part ${position} of the form`;
  const headers = linesOf(text, nth);
  const disposition = headerValue(headers.get('content-disposition') ?? '');
  if (disposition?.value !== 'form-data')
    throw invalid(`${nth}: the header content-disposition must be form-data with a name.`);
  const name = disposition.parameters.get('name') ?? '';
  if (!/^[A-Za-z0-9_.[\]-]{1,64}$/.test(name))
    throw invalid(`${nth}: the header content-disposition must have the name of a field.`);
  requirePlain(headers.get('content-transfer-encoding'), name);
  const type = typeOf(headers.get('content-type'), name);
  return {
    name,
    filename: fileName(disposition.parameters),
    type: TYPE.test(type.value) ? type.value : undefined,
    charset: type.parameters.get('charset'),
  };
}

function linesOf(text: string, part: string): Map<string, string> {
  const headers = new Map<string, string>();
  // A line that begins with a blank goes on where the one before it ended.
  for (const line of text.replace(/\r\n[ \t]+/g, ' ').split('\r\n')) {
    if (line === '') continue;
    const [name, value] = lineOf(line, part);
    if (!deciding.has(name)) continue;
    if (headers.has(name)) throw invalid(`${part}: the header ${name} was sent twice.`);
    headers.set(name, value);
  }
  return headers;
}

function lineOf(line: string, part: string): [name: string, value: string] {
  const [, name, value = ''] = LINE.exec(line) ?? [];
  if (name === undefined || /[\0\r\n]/.test(line)) throw invalid(`${part}: a line of its headers is malformed.`);
  return [name.toLowerCase(), value.trim()];
}

function requirePlain(encoding: string | undefined, name: string): void {
  if (encoding === undefined || plain.has(encoding.toLowerCase())) return;
  const message = `${name}: the header content-transfer-encoding must be binary, 7bit or 8bit; send the bytes as they are.`;
  throw invalid(message, name);
}

function typeOf(text: string | undefined, name: string): HeaderValue {
  const type = headerValue(text ?? '');
  if (!type) throw invalid(`${name}: the header content-type is malformed.`, name);
  return type;
}

function invalid(message: string, param?: string): ServiceError {
  return new ServiceError('invalid_request', message, { param });
}
