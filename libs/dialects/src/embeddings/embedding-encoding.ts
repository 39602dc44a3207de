import { ServiceError } from '@orgn/contracts';
import { elementsOf } from '../json/json-elements.ts';
import { membersOf, type JsonMember } from '../json/json-members.ts';
import type { Edit } from '../json/splice.ts';

/** How vectors are written: numbers, or base64 of little-endian float32, which official SDKs ask for unseen. */
export type VectorEncoding = 'float' | 'base64';

const FLOAT_BYTES = 4;

/**
 * Writes the vectors of an answer in the encoding that was asked for, where a provider ignored it: an SDK that asked for
 * base64 reads numbers as garbage, and no error tells.
 * @param json a well-formed embeddings answer
 * @throws ServiceError `provider_unavailable` when a vector is neither
 */
export function vectorEdits(json: Buffer, asked: VectorEncoding): Edit[] {
  const data = membersOf(json).find(({ name }) => name === 'data');
  if (!data || json[data.valueStart] !== 0x5b) return [];
  const rows = elementsOf(json, data.valueStart).filter(({ start }) => json[start] === 0x7b);
  return rows.flatMap(({ start }) =>
    membersOf(json, start)
      .filter(({ name }) => name === 'embedding')
      .flatMap((vector) => editOf(json, vector, asked)),
  );
}

function editOf(json: Buffer, { valueStart, valueEnd }: JsonMember, asked: VectorEncoding): Edit[] {
  const given = json[valueStart] === 0x22 ? 'base64' : 'float';
  if (given === asked) return [];
  const value = JSON.parse(json.toString('utf8', valueStart, valueEnd)) as unknown;
  const text = JSON.stringify(asked === 'base64' ? toBase64(value) : toFloats(value));
  return [{ start: valueStart, end: valueEnd, text }];
}

function toBase64(value: unknown): string {
  if (!Array.isArray(value) || !value.every((number) => typeof number === 'number')) throw unreadable();
  const bytes = Buffer.alloc(value.length * FLOAT_BYTES);
  value.forEach((number, at) => bytes.writeFloatLE(number, at * FLOAT_BYTES));
  return bytes.toString('base64');
}

function toFloats(value: unknown): number[] {
  const bytes = Buffer.from(typeof value === 'string' ? value : '', 'base64');
  if (bytes.length === 0 || bytes.length % FLOAT_BYTES !== 0) throw unreadable();
  const floats = Array.from({ length: bytes.length / FLOAT_BYTES }, (_, at) => bytes.readFloatLE(at * FLOAT_BYTES));
  if (!floats.every(Number.isFinite)) throw unreadable();
  return floats;
}

function unreadable(): ServiceError {
  return new ServiceError('provider_unavailable', 'The model provider sent an unreadable embedding.');
}
