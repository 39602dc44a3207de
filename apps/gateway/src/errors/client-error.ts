import { STATUS_CODES, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { type ErrorCode, errorTable } from '@orgn/contracts';
import { toOpenAiError } from '@orgn/dialects';
import { v7 as uuidv7 } from 'uuid';

type Fault = Error & { code?: string };

const faults: Readonly<Record<string, [ErrorCode, string]>> = {
  ERR_BODY_IN_PIECES: ['invalid_request', 'The request body comes in too many small pieces.'],
  ERR_HTTP_REQUEST_TIMEOUT: ['request_timeout', 'The request took too long to arrive.'],
  HPE_CHUNK_EXTENSIONS_OVERFLOW: ['request_too_large', 'The chunk extensions of the request are too large.'],
  HPE_HEADER_OVERFLOW: ['request_too_large', 'The headers of the request are too large.'],
};
const malformed: [ErrorCode, string] = ['invalid_request', 'The request is not well-formed HTTP.'];

/** Answers what is not HTTP, or came too slowly to be a request, in the same envelope as everything else. */
export function answerClientError(error: Fault, socket: Socket): void {
  // What follows an unanswered request must not be answered before it: the caller would take the answer for the first's.
  if (error.code === 'ECONNRESET' || !socket.writable || isAnswering(socket)) return void socket.destroy();
  const [code, message] = faults[error.code ?? ''] ?? malformed;
  const requestId = uuidv7();
  const body = JSON.stringify(toOpenAiError({ code, message }, requestId));
  const { status } = errorTable[code];
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\ncontent-type: application/json\r\n` +
      `x-request-id: ${requestId}\r\nx-should-retry: ${code === 'request_timeout'}\r\nconnection: close\r\n` +
      `content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}

/**
 * Whether a whole request is still to be answered on this connection. Node keeps the response that is being written on
 * the socket, and nowhere else.
 */
function isAnswering(socket: Socket): boolean {
  const { _httpMessage: response } = socket as { _httpMessage?: ServerResponse | null };
  return response?.req.complete === true;
}
