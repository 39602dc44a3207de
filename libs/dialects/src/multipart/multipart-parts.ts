import { ServiceError } from '@orgn/contracts';
import { boundaryOf } from './form-type.ts';
import { partHeaders, type PartHeaders } from './part-headers.ts';

/** One part of a multipart form, by byte offsets: `body.subarray(valueStart, valueEnd)` is its value as it was sent. */
export interface MultipartPart extends PartHeaders {
  valueStart: number;
  valueEnd: number;
}

const MAX_PARTS = 32;
const MAX_HEADER_BYTES = 8192;
const CRLF = '\r\n';
const BLANKS = /[ \t]*/y;

/**
 * Cuts a multipart form into its parts, as RFC 7578 and RFC 2046 allow it to be written: with text before the first and
 * after the last boundary, blanks behind a boundary, folded and further headers. Each byte is looked at a few times at most.
 * Who sends a form on writes it anew (`writeForm`), so that no other parser has to read it in the same way.
 * @param contentType the request's `content-type`, which names the boundary
 * @throws ServiceError `invalid_request` naming the part and the header, never quoting a value
 */
export function multipartParts(body: Buffer, contentType: string): MultipartPart[] {
  const delimiter = Buffer.from(`${CRLF}--${boundaryOf(contentType)}`, 'latin1');
  const parts: MultipartPart[] = [];
  let at = firstDelimiter(body, delimiter);
  while (!isClosing(body, at)) {
    if (parts.length === MAX_PARTS) throw invalid(`The form has more than ${MAX_PARTS} parts.`);
    const { part, end } = partAt(body, { at, delimiter, position: parts.length + 1 });
    parts.push(part);
    at = end + delimiter.length;
  }
  return parts;
}

/** @returns offset just past the first delimiter; what stands before it means nothing */
function firstDelimiter(body: Buffer, delimiter: Buffer): number {
  const atStart = delimiter.subarray(CRLF.length);
  if (body.subarray(0, atStart.length).equals(atStart)) return atStart.length;
  const at = body.indexOf(delimiter);
  if (at < 0) throw invalid('The form does not have the boundary that the content-type names.');
  return at + delimiter.length;
}

/** The `--` after the last boundary; what follows means nothing. */
const isClosing = (body: Buffer, at: number) => body.toString('latin1', at, at + 2) === '--';

/** @param from.at offset just past a delimiter @returns the part, and the offset of the delimiter after it */
function partAt(body: Buffer, from: { at: number; delimiter: Buffer; position: number }) {
  const { at, delimiter, position } = from;
  const head = body.toString('latin1', at, at + MAX_HEADER_BYTES);
  BLANKS.lastIndex = 0;
  const lineEnd = BLANKS.exec(head)?.[0].length ?? 0;
  if (!head.startsWith(CRLF, lineEnd)) throw invalid(`The line of the boundary before part ${position} is malformed.`);
  const headersEnd = head.indexOf(CRLF + CRLF, lineEnd);
  if (headersEnd < 0)
    throw invalid(`Part ${position} of the form: its headers have no end, or more than ${MAX_HEADER_BYTES} bytes.`);
  const valueStart = at + headersEnd + 4;
  // A part may end with its headers: then the line break after them belongs to the next boundary.
  const end = body.indexOf(delimiter, valueStart - CRLF.length);
  if (end < 0) throw invalid('The form ends before its closing boundary.');
  const headers = partHeaders(head.slice(lineEnd, headersEnd), position);
  return { part: { ...headers, valueStart, valueEnd: Math.max(valueStart, end) }, end };
}

function invalid(message: string): ServiceError {
  return new ServiceError('invalid_request', message);
}
