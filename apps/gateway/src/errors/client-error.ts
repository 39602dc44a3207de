import type { Socket } from 'node:net';
import { errorTable, toOpenAiError } from '@orgn/api';
import type { ErrorCode } from '@orgn/contracts';
import { v7 as uuidv7 } from 'uuid';

/** Answers what is not HTTP, or came too slowly to be a request, in the same envelope as everything else. */
export function answerClientError(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
  const isLate = error.code === 'ERR_HTTP_REQUEST_TIMEOUT';
  const code: ErrorCode = isLate ? 'request_timeout' : 'invalid_request';
  const message = isLate ? 'The request took too long to arrive.' : 'The request is not well-formed HTTP.';
  const requestId = uuidv7();
  const body = JSON.stringify(toOpenAiError({ code, message }, requestId));
  const { status } = errorTable[code];
  socket.end(
    `HTTP/1.1 ${status} ${isLate ? 'Request Timeout' : 'Bad Request'}\r\ncontent-type: application/json\r\n` +
      `x-request-id: ${requestId}\r\nconnection: close\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}
