import { Malformed } from './malformed.ts';

const deepest = 64;

/**
 * The one way to write a JSON value down (RFC 8785): members sorted by UTF-16 code units, no white space, numbers as ECMAScript
 * writes them. @throws Malformed for what JSON cannot say, a lone surrogate, or more than 64 levels.
 */
export function canonicalJson(value: unknown, depth = 0): string {
  if (depth > deepest) throw new Malformed('nested too deeply');
  if (typeof value !== 'object' || value === null) return scalar(value);
  if (Array.isArray(value)) return `[${value.map((one) => canonicalJson(one, depth + 1)).join(',')}]`;
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .toSorted(([one], [other]) => (one < other ? -1 : 1));
  return `{${members.map(([name, member]) => `${quoted(name)}:${canonicalJson(member, depth + 1)}`).join(',')}}`;
}

function scalar(value: unknown): string {
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'number') return number(value);
  if (typeof value === 'string') return quoted(value);
  throw new Malformed('not a JSON value');
}

function number(value: number): string {
  if (!Number.isFinite(value)) throw new Malformed('not a JSON number');
  return JSON.stringify(value);
}

function quoted(value: string): string {
  if (!value.isWellFormed()) throw new Malformed('a lone surrogate');
  return JSON.stringify(value);
}
