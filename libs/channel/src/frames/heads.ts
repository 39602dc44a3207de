import { ChannelError } from './channel-error.ts';
import { MAX_PAYLOAD_BYTES } from './frame-types.ts';
import {
  answerHeaders,
  readHeaders,
  requestHeaders,
  writeHeaders,
  type AnswerHeaders,
  type RequestHeaders,
} from './headers.ts';

/** What a request begins with. */
export interface RequestHead {
  /** As callers know it: printable ASCII. */
  path: string;
  headers: RequestHeaders;
  bodyBytes: number;
}

/** What an answer begins with. */
export interface AnswerHead {
  status: number;
  headers: AnswerHeaders;
}

const pathForm = /^\/[\x21-\x7e]*$/;
const MAX_PATH_BYTES = 2_048;

/** @throws TypeError when it is none, or longer than a frame */
export function writeRequestHead({ path, headers, bodyBytes }: RequestHead): Buffer {
  if (!pathForm.test(path) || path.length > MAX_PATH_BYTES) throw new TypeError('no path of the channel');
  const payload = writeHeaders(requestHeaders, headers, 6 + path.length);
  payload.writeUInt32BE(bodyBytes);
  payload.writeUInt16BE(path.length, 4);
  payload.write(path, 6, 'latin1');
  return fitting(payload);
}

/** @throws ChannelError `malformed` */
export function readRequestHead(payload: Buffer): RequestHead {
  if (payload.length < 6) throw malformed();
  const end = 6 + payload.readUInt16BE(4);
  const path = payload.toString('latin1', 6, Math.min(end, payload.length));
  if (payload.length < end || path.length > MAX_PATH_BYTES || !pathForm.test(path)) throw malformed();
  const headers = readHeaders(requestHeaders, payload.subarray(end));
  return { path, headers, bodyBytes: payload.readUInt32BE(0) };
}

/** @throws TypeError when it is none, or longer than a frame */
export function writeAnswerHead({ status, headers }: AnswerHead): Buffer {
  const payload = writeHeaders(answerHeaders, headers, 2);
  payload.writeUInt16BE(status);
  return fitting(payload);
}

/** @throws ChannelError `malformed` */
export function readAnswerHead(payload: Buffer): AnswerHead {
  if (payload.length < 2) throw malformed();
  const status = payload.readUInt16BE(0);
  if (status < 200 || status > 599) throw malformed();
  return { status, headers: readHeaders(answerHeaders, payload.subarray(2)) };
}

/** @throws TypeError when it is none, or longer than a frame */
export function writeTrailers(headers: AnswerHeaders): Buffer {
  return fitting(writeHeaders(answerHeaders, headers, 0));
}

/** @throws ChannelError `malformed` */
export function readTrailers(payload: Buffer): AnswerHeaders {
  return readHeaders(answerHeaders, payload);
}

function fitting(payload: Buffer): Buffer {
  if (payload.length > MAX_PAYLOAD_BYTES) throw new TypeError('a head is longer than a frame');
  return payload;
}

function malformed(): ChannelError {
  return new ChannelError('malformed', 'The head cannot be read.');
}
