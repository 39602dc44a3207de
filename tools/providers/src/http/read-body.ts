import type { IncomingMessage } from 'node:http';
import { Refusal } from './refusal.ts';

/** Longest request body that is taken, in bytes. */
export const maxBodyBytes = 32 * 1024 * 1024;

/** Collects a request body of at most `limitBytes`. Throws a 413 Refusal beyond it, and an Error when the client leaves. */
export function readBody(request: IncomingMessage, limitBytes = maxBodyBytes): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    request.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length > limitBytes) {
        request.removeAllListeners('data').resume();
        return reject(new Refusal(413, `Request body too large. Maximum: ${limitBytes} bytes`));
      }
      chunks.push(chunk);
    });
    request.on('end', () => resolve(Buffer.concat(chunks)));
    request.on('error', reject);
    request.on('close', () => {
      if (!request.complete) reject(new Error('The client left before its request was complete.'));
    });
  });
}

/** Parses JSON into an object. The refusal never quotes the input, as JSON.parse's own errors would. */
export function parseObject(body: Buffer): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(body.toString('utf8'));
  } catch {
    throw new Refusal(400, 'The request body is not valid JSON.');
  }
  if (!isObject(value)) throw new Refusal(400, 'The request body must be a JSON object.');
  return value;
}

/** Whether a parsed JSON value is an object (and not an array or null). */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
