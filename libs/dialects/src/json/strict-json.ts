import { isUtf8 } from 'node:buffer';
import { ServiceError } from '@orgn/contracts';
import { scanJson } from './json-scan.ts';

/**
 * Parses a request body so that no two parsers can read it differently: valid UTF-8, one JSON object, nested at most 64
 * deep, no name twice in an object (names compared after unescaping). It is counted before it is parsed, so that a body
 * of any size costs time in proportion to its length and memory in proportion to what it may hold.
 * @throws ServiceError `invalid_request`, never quoting the input
 */
export function parseStrictJson(bytes: Buffer): Record<string, unknown> {
  if (bytes.length === 0) throw invalid('The request has no body; send a JSON object.');
  if (!isUtf8(bytes)) throw invalid('The request body is not valid UTF-8.');
  scanJson(bytes);
  const value = parse(bytes);
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw invalid('The request body must be a JSON object.');
  return value as Record<string, unknown>;
}

function parse(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8')) as unknown;
  } catch {
    throw invalid('The request body is not valid JSON.');
  }
}

function invalid(message: string): ServiceError {
  return new ServiceError('invalid_request', message);
}
