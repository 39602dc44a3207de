import { errorCodes, parseSafely, ServiceError, type ErrorCode, type WireError } from '@orgn/contracts';
import type { z } from 'zod';
import type { Outcome } from './natural-batcher.ts';

/** A reply on the bus: the answer, or a declared error. */
export type WireReply = { ok: unknown } | { error: WireError };

/** Headers of a request: how long the asker still waits (ms; no clock of another host takes part), and the request it belongs to. */
export const TIMEOUT_HEADER = 'x-timeout-ms';
export const REQUEST_ID_HEADER = 'x-request-id';
/** Where an operator's command runs, as the bus's server sees it and the command says it. */
export const OPERATOR_ADDRESS_HEADER = 'x-operator-address';

const encoder = new TextEncoder();

export function encode(value: unknown): Uint8Array {
  return encoder.encode(JSON.stringify(value));
}

/** @throws ServiceError `invalid_request` when the bytes are not JSON; the parser's own message would quote them */
export function decode(data: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('utf8')) as unknown;
  } catch {
    throw new ServiceError('invalid_request', 'The message is not valid JSON.');
  }
}

/** For messages that nobody waits for: undefined when the bytes are not JSON. */
export function decodeOrUndefined(data: Uint8Array): unknown {
  try {
    return decode(data);
  } catch {
    return undefined;
  }
}

/** The responder's side: an answer as it travels. */
export function toWireReply(answer: unknown): WireReply {
  return answer instanceof ServiceError ? { error: answer.toWire() } : { ok: answer };
}

/** The asker's side: parses the answer by its schema; a code that the contract does not list becomes `internal`. */
export function fromWireReply<R extends z.ZodType>(
  value: unknown,
  reply: R,
  errors: readonly ErrorCode[],
): Outcome<z.output<R>> {
  if (!isWireReply(value)) return { error: internal('A reply has an unknown form.') };
  if ('error' in value) return { error: toListedError(value.error, errors) };
  const parsed = parseSafely(reply, value.ok);
  return parsed.success
    ? { ok: parsed.data }
    : { error: internal('A reply does not match its contract.', parsed.error) };
}

/** By hand: it runs once an item of every batch. */
function isWireReply(value: unknown): value is WireReply {
  if (typeof value !== 'object' || value === null) return false;
  return 'error' in value ? isWireError(value.error) : 'ok' in value;
}

function isWireError(error: unknown): error is WireError {
  if (typeof error !== 'object' || error === null) return false;
  const { code, message, param } = error as Record<string, unknown>;
  return typeof code === 'string' && typeof message === 'string' && ['string', 'undefined'].includes(typeof param);
}

const alwaysAllowed: readonly string[] = ['invalid_request', 'service_unavailable', 'internal'];

function toListedError(wire: WireError, errors: readonly ErrorCode[]): ServiceError {
  const code = errorCodes.find((known) => known === wire.code);
  const isListed = code && (errors.includes(code) || alwaysAllowed.includes(code));
  return isListed ? ServiceError.fromWire({ ...wire, code }) : internal('A service failed in an undeclared way.');
}

function internal(message: string, cause?: unknown): ServiceError {
  return new ServiceError('internal', message, { cause });
}
