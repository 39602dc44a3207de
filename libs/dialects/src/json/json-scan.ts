import { ServiceError } from '@orgn/contracts';
import { stringEnd, valueEndOf } from './json-members.ts';

const MAX_DEPTH = 64;
/** Values in a body, those in objects and lists included: texts, numbers, objects and lists themselves. */
export const MAX_VALUES = 250_000;
/** Members of one object. */
export const MAX_MEMBERS = 20_000;

/** Characters of a number: no program reads more than 17 digits of one. */
const MAX_NUMBER = 1_024;

/** An object or a list that is open where the scan stands. */
interface Level {
  /** Names seen in this object; null in a list. */
  names: Set<string> | null;
  expectsName: boolean;
}

type Token = 'quote' | 'opening' | 'closing' | 'comma' | 'filler';

const byToken: Record<Token, string> = { quote: '"', opening: '{[', closing: '}]', comma: ',', filler: ': \t\r\n' };
/** What a byte is, by its value; undefined: a part of a number or a word. */
const tokens = Array.from({ length: 256 }, (_, byte) =>
  (Object.keys(byToken) as Token[]).find((token) => byToken[token].includes(String.fromCharCode(byte))),
);

/**
 * One pass over bytes that may be JSON, before they are parsed, which ends at the first fault: nesting, numbers of values and
 * of an object's members, and names that stand twice in an object. What is not JSON is left to the parser.
 * @throws ServiceError `invalid_request`, never quoting the input
 */
export function scanJson(bytes: Buffer): void {
  new Scan(bytes).run();
}

class Scan {
  readonly #bytes: Buffer;
  readonly #levels: Level[] = [];
  #level: Level | undefined;
  #values = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  run(): void {
    const { length } = this.#bytes;
    for (let at = 0; at < length;) at = this.#step(at);
  }

  /** @returns offset of what comes next */
  #step(at: number): number {
    switch (tokens[this.#bytes[at] ?? 0]) {
      case 'quote':
        return this.#takeString(at);
      case 'opening':
        return this.#enter(at);
      case 'closing':
        return this.#leave(at);
      case 'comma':
        return this.#expectName(at);
      case 'filler':
        return at + 1;
      default:
        return this.#takeScalar(at);
    }
  }

  #expectName(at: number): number {
    if (this.#level?.names) this.#level.expectsName = true;
    return at + 1;
  }

  #enter(at: number): number {
    this.#count();
    if (this.#levels.length === MAX_DEPTH)
      throw invalid(`The request body is nested more than ${MAX_DEPTH} levels deep.`);
    const isObject = this.#bytes[at] === 0x7b;
    this.#level = { names: isObject ? new Set() : null, expectsName: isObject };
    this.#levels.push(this.#level);
    return at + 1;
  }

  #leave(at: number): number {
    this.#levels.pop();
    this.#level = this.#levels.at(-1);
    return at + 1;
  }

  #takeScalar(at: number): number {
    this.#count();
    const end = Math.max(valueEndOf(this.#bytes, at), at + 1);
    if (end - at > MAX_NUMBER) throw invalid(`The request body has a number of more than ${MAX_NUMBER} characters.`);
    return end;
  }

  #takeString(at: number): number {
    const end = stringEnd(this.#bytes, at);
    const level = this.#level;
    if (level?.names && level.expectsName) {
      level.expectsName = false;
      takeName(level.names, textOf(this.#bytes, at, end));
    } else this.#count();
    return end;
  }

  #count(): void {
    this.#values += 1;
    if (this.#values > MAX_VALUES) throw invalid(`The request body has more than ${MAX_VALUES} values.`);
  }
}

function takeName(names: Set<string>, name: string): void {
  const before = names.size;
  if (before === MAX_MEMBERS) throw invalid(`The request body has an object with more than ${MAX_MEMBERS} fields.`);
  if (names.add(name).size === before)
    throw invalid('The request body has an object with the same field twice.', isField(name) ? name : undefined);
}

/** A name as programs see it: escapes resolved, so that `"mod\u0065l"` is `model`. */
function textOf(bytes: Buffer, start: number, end: number): string {
  const raw = bytes.toString('utf8', start + 1, end - 1);
  return raw.includes('\\') ? unescaped(raw) : raw;
}

function unescaped(raw: string): string {
  try {
    return JSON.parse(`"${raw}"`) as string;
  } catch {
    throw invalid('The request body is not valid JSON.');
  }
}

/** A name that may be shown: what callers invent is content. */
const isField = (name: string) => /^[a-z_]{1,40}$/.test(name);

function invalid(message: string, param?: string): ServiceError {
  return new ServiceError('invalid_request', message, { param });
}
