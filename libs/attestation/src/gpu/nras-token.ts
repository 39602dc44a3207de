import { fromBase64, fromUtf8, utf8 } from '../bytes/bytes.ts';
import { list, parseJson, record, text, type JsonRecord } from '../bytes/json.ts';
import { Malformed } from '../bytes/malformed.ts';

/** A token of NVIDIA's service, taken apart and not believed yet. */
export interface NrasToken {
  /** The token as it was served. */
  readonly compact: string;
  readonly algorithm: string;
  readonly keyId: string;
  readonly claims: JsonRecord;
  readonly signed: Uint8Array;
  readonly signature: Uint8Array;
}

export interface NrasAnswer {
  readonly overall: NrasToken;
  /** By the names that the overall token calls GPUs, such as `GPU-0`. */
  readonly gpus: ReadonlyMap<string, NrasToken>;
}

const largestAnswer = 1_048_576;
const mostTokens = 32;

/** @throws Malformed */
export function readToken(value: unknown): NrasToken {
  const compact = text(value, 'a token');
  const parts = compact.split('.');
  const [header = '', claims = '', signature = ''] = parts;
  if (parts.length !== 3) throw new Malformed('a token that is not of three parts');
  const head = record(parseJson(fromUtf8(fromBase64(header)), 8192), 'the header of a token');
  return {
    compact,
    algorithm: text(head.alg, 'alg'),
    keyId: typeof head.kid === 'string' ? head.kid : '',
    claims: record(parseJson(fromUtf8(fromBase64(claims)), 65_536), 'the claims of a token'),
    signed: utf8(`${header}.${claims}`),
    signature: fromBase64(signature),
  };
}

/** `[["JWT", overall], {"GPU-0": token, …}]`. @throws Malformed */
export function readNrasAnswer(json: string): NrasAnswer {
  const [first, others] = list(parseJson(json, largestAnswer), 'the answer of NRAS', 2);
  const [kind, overall] = list(first, 'the overall token', 2);
  if (kind !== 'JWT') throw new Malformed('an overall token of an unknown kind');
  const tokens = Object.entries(record(others, 'the tokens of GPUs'));
  if (tokens.length > mostTokens) throw new Malformed('too many tokens');
  return {
    overall: readToken(overall),
    gpus: new Map(tokens.map(([name, token]) => [name, readToken(token)])),
  };
}
