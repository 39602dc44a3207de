import { Malformed } from './malformed.ts';

export type JsonRecord = Readonly<Record<string, unknown>>;

/** JSON of a bounded size. @throws Malformed */
export function parseJson(text: string, most: number): unknown {
  if (text.length > most) throw new Malformed(`larger than ${most} characters`);
  try {
    return JSON.parse(text);
  } catch {
    throw new Malformed('not JSON');
  }
}

export function record(value: unknown, what: string): JsonRecord {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Malformed(`${what} is no object`);
  return value as JsonRecord;
}

export function list(value: unknown, what: string, most: number): readonly unknown[] {
  if (!Array.isArray(value)) throw new Malformed(`${what} is no list`);
  if (value.length > most) throw new Malformed(`${what} has more than ${most} elements`);
  return value as unknown[];
}

export function text(value: unknown, what: string): string {
  if (typeof value !== 'string') throw new Malformed(`${what} is no text`);
  return value;
}

export function integer(value: unknown, what: string): number {
  if (!Number.isSafeInteger(value)) throw new Malformed(`${what} is no integer`);
  return value as number;
}

/** The text, or null where there is none. @throws Malformed when it is something else. */
export const optionalText = (value: unknown, what: string): string | null =>
  value === undefined || value === null ? null : text(value, what);

/** JSON that some senders wrap in a text once more. */
export const unwrapped = (value: unknown, most: number): unknown =>
  typeof value === 'string' ? parseJson(value, most) : value;
