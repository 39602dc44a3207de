import { ServiceError } from '@orgn/contracts';

/** One part of a multipart form, by byte offsets: `body.subarray(valueStart, valueEnd)` is its value as it was sent. */
export interface MultipartPart {
  name: string;
  /** Present on files. It is the caller's content: never log it. */
  filename: string | undefined;
  valueStart: number;
  valueEnd: number;
}

const MAX_PARTS = 32;
const MAX_HEADER_BYTES = 2048;
const CRLF = '\r\n';

/**
 * Cuts a multipart form (RFC 7578) into its parts so that no two parsers can read it differently: no preamble, no
 * epilogue, plain names, no transfer encodings, no part without a name.
 * @param contentType the request's `content-type`, which names the boundary
 * @throws ServiceError `invalid_request`, never quoting the input
 */
export function multipartParts(body: Buffer, contentType: string): MultipartPart[] {
  const delimiter = Buffer.from(`${CRLF}--${boundaryOf(contentType)}`);
  const parts: MultipartPart[] = [];
  let at = delimiter.length - CRLF.length;
  if (!body.subarray(0, at).equals(delimiter.subarray(CRLF.length))) throw malformed();
  while (!isClosing(body, at)) {
    if (parts.length === MAX_PARTS) throw invalid(`The form has more than ${MAX_PARTS} parts.`);
    const part = partAt(body, at, delimiter);
    parts.push(part);
    at = part.valueEnd + delimiter.length;
  }
  if (!isEnd(body, at + 2)) throw malformed();
  return parts;
}

/** @param at offset just past a delimiter */
function partAt(body: Buffer, at: number, delimiter: Buffer): MultipartPart {
  if (body.toString('latin1', at, at + 2) !== CRLF) throw malformed();
  const headersEnd = body.subarray(at, at + MAX_HEADER_BYTES).indexOf(CRLF + CRLF);
  if (headersEnd < 0) throw malformed();
  const valueStart = at + headersEnd + 4;
  const valueEnd = body.indexOf(delimiter, valueStart);
  if (valueEnd < 0) throw invalid('The form ends before its closing boundary.');
  return { ...dispositionOf(body.toString('latin1', at + 2, at + headersEnd)), valueStart, valueEnd };
}

/** `multipart/form-data; boundary=x`, quoted or not; RFC 2046 allows 1 to 70 characters. */
function boundaryOf(contentType: string): string {
  const match = /^multipart\/form-data\s*;\s*boundary=(?:"([\w'()+,./:=?-]{1,70})"|([\w'+.-]{1,70}))\s*$/i.exec(
    contentType,
  );
  const boundary = match?.[1] ?? match?.[2];
  if (!boundary) throw invalid('The content-type must be multipart/form-data with a boundary.');
  return boundary;
}

/** The `--` after the last boundary. */
const isClosing = (body: Buffer, at: number) => body.toString('latin1', at, at + 2) === '--';

const isEnd = (body: Buffer, at: number) => at === body.length || body.toString('latin1', at) === CRLF;

function dispositionOf(headers: string): Pick<MultipartPart, 'name' | 'filename'> {
  const lines = headers.split(CRLF);
  const dispositions = lines.filter((line) => /^content-disposition:/i.test(line));
  const isPlain = lines.every((line) => /^content-(?:disposition|type|length):/i.test(line));
  if (!isPlain || dispositions.length !== 1) throw malformed();
  const [, name = '', filename] = parseDisposition((dispositions[0] ?? '').replace(/^[^:]*: */, ''));
  return { name, filename };
}

/** Names without quotes, escapes or bytes outside of ASCII; `filename*` may follow a plain `filename`. */
function parseDisposition(value: string): RegExpExecArray {
  const form =
    /^form-data; ?name="([A-Za-z0-9_]{1,64}(?:\[\])?)"(?:; ?filename="([^"\\\r\n]{0,512})"(?:; ?filename\*=\S+)?)?$/;
  const match = form.exec(value);
  if (!match) throw malformed();
  return match;
}

const malformed = () => invalid('The form is malformed; send multipart/form-data as RFC 7578 describes it.');

function invalid(message: string): ServiceError {
  return new ServiceError('invalid_request', message);
}
