import { ServiceError } from '@orgn/contracts';
import { skipSpace, stringEnd } from './json-members.ts';

const MAX_DEPTH = 64;
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Parses a request body so that no two parsers can read it differently: valid UTF-8, one JSON object, nested at most 64
 * deep, no name twice in an object (names compared after unescaping).
 * @throws ServiceError `invalid_request`, never quoting the input
 */
export function parseStrictJson(bytes: Buffer): Record<string, unknown> {
  const value = parse(bytes);
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw invalid('The request body must be a JSON object.');
  checkStructure(bytes);
  return value as Record<string, unknown>;
}

function parse(bytes: Buffer): unknown {
  if (bytes.length === 0) throw invalid('The request has no body; send a JSON object.');
  let text: string;
  try {
    text = decoder.decode(bytes);
  } catch {
    throw invalid('The request body is not valid UTF-8.');
  }
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw invalid('The request body is not valid JSON.');
  }
}

interface Level {
  /** Names seen in this object; null in an array. */
  names: Set<string> | null;
  expectsName: boolean;
}

/** One pass over well-formed JSON with its own stack: depth and repeated names, at every level. */
function checkStructure(bytes: Buffer): void {
  const levels: Level[] = [];
  let at = skipSpace(bytes, 0);
  while (at < bytes.length) at = step(bytes, at, levels);
}

function step(bytes: Buffer, at: number, levels: Level[]): number {
  const byte = bytes[at];
  if (byte === 0x22) return readString(bytes, at, levels.at(-1));
  if (byte === 0x7b || byte === 0x5b) enter(levels, byte === 0x7b);
  else if (byte === 0x7d || byte === 0x5d) levels.pop();
  else if (byte === 0x2c) expectName(levels.at(-1));
  return at + 1;
}

function enter(levels: Level[], isObject: boolean): void {
  if (levels.length === MAX_DEPTH) throw invalid(`The request body is nested more than ${MAX_DEPTH} levels deep.`);
  levels.push({ names: isObject ? new Set() : null, expectsName: isObject });
}

function expectName(level: Level | undefined): void {
  if (level?.names) level.expectsName = true;
}

function readString(bytes: Buffer, at: number, level: Level | undefined): number {
  const end = stringEnd(bytes, at);
  if (!level?.names || !level.expectsName) return end;
  const name = JSON.parse(bytes.toString('utf8', at, end)) as string;
  if (level.names.has(name))
    throw invalid('The request body has an object with the same field twice.', isField(name) ? name : undefined);
  level.names.add(name);
  level.expectsName = false;
  return end;
}

/** A name that may be shown: what callers invent is content. */
const isField = (name: string) => /^[a-z_]{1,40}$/.test(name);

function invalid(message: string, param?: string): ServiceError {
  return new ServiceError('invalid_request', message, { param });
}
