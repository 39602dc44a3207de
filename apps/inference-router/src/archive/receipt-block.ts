import { promisify } from 'node:util';
import { brotliCompress, brotliDecompress, constants } from 'node:zlib';
import type { Receipt } from '@orgn/receipts';
import { liftHex, lowerHex } from './lifted-hex.ts';

const compress = promisify(brotliCompress);
const decompress = promisify(brotliDecompress);

const VERSION = 1;
const QUALITY = 9;
const MOST_BYTES = 64 * 1024 * 1024;
/** Version, number of receipts, length of what is not compressed. */
const HEAD_BYTES = 9;
const ID_BYTES = 16;

/** What receipts say of a session, which stands beside them once. */
export type SessionPart = Pick<Receipt['orgn'], 'policy' | 'session'>;

/** Its texts, as canonical JSON, and what the session is found by. */
export interface SessionTexts {
  readonly policy: string;
  readonly session: string;
  /** `sha256:` and hex. */
  readonly evidence: string;
}

interface Logged {
  readonly requestId: string;
  /** Digests of its evidence, in hex. */
  readonly evidence: readonly string[];
  /** In the log. */
  readonly place: number;
}

/** A receipt that is in the log. */
export interface LoggedReceipt extends Logged {
  /** Its canonical JSON. */
  readonly text: string;
  /** Of its session, as they are kept beside it. */
  readonly session: SessionTexts | null;
}

/** One in a block: what it says of its session is read elsewhere. */
export interface BlockEntry extends Logged {
  readonly chat: { readonly id: string | null; readonly model: string };
  /** `sha256:` and hex, of the session that belongs in there; null where nothing was taken out. */
  readonly session: string | null;
  complete(part: SessionPart | null): Receipt;
}

/** Receipts of one team in as few bytes as they get: hex as bytes, the rest compressed beside one another. */
export async function packBlock(receipts: readonly LoggedReceipt[]): Promise<Buffer> {
  const lifted = liftHex(receipts.map((one) => `[${without(one)},${JSON.stringify(one.evidence)},${one.place}]`));
  const params = { [constants.BROTLI_PARAM_QUALITY]: QUALITY };
  const text = await compress(lifted.texts.join('\n'), { params });
  const head = Buffer.alloc(HEAD_BYTES);
  head.writeUInt8(VERSION, 0);
  head.writeUInt32BE(receipts.length, 1);
  head.writeUInt32BE(lifted.bytes.length, 5);
  return Buffer.concat([head, ...receipts.map(({ requestId }) => idBytes(requestId)), lifted.bytes, text]);
}

/** Which receipts are looked for, by id and text: only those are parsed. */
export type IsWanted = (requestId: string, text: string) => boolean;

/** @throws Error for what is damaged, or of another release */
export async function unpackBlock(body: Buffer, isWanted: IsWanted): Promise<BlockEntry[]> {
  if (body[0] !== VERSION) throw new Error('a block of receipts that another release has kept');
  const count = body.readUInt32BE(1);
  const hexAt = HEAD_BYTES + count * ID_BYTES;
  const textAt = hexAt + body.readUInt32BE(5);
  const text = (await decompress(body.subarray(textAt), { maxOutputLength: MOST_BYTES })).toString('utf8');
  const texts = lowerHex({ texts: text.split('\n'), bytes: body.subarray(hexAt, textAt) });
  return texts.flatMap((one, at) => {
    const id = idAt(body, HEAD_BYTES + at * ID_BYTES);
    return isWanted(id, one) ? [toEntry(one, id)] : [];
  });
}

/**
 * A receipt's text without its id, which stands in front, and without what it says of its session, where just that stands beside the
 * block. No text of a string can look like a member: its quotes are escaped.
 */
function without({ text, requestId, session }: LoggedReceipt): string {
  const rest = replaced(text, `"receipt_id":"${requestId}"`, '"receipt_id":""') ?? text;
  const bare = session && replaced(rest, `"policy":${session.policy},`, '"policy":null,');
  return (bare && replaced(bare, `"session":${session.session},`, `"session":"${session.evidence}",`)) ?? rest;
}

function replaced(text: string, part: string, by: string): string | null {
  const at = text.indexOf(part);
  return at < 0 ? null : text.slice(0, at) + by + text.slice(at + part.length);
}

type Stripped = Omit<Receipt, 'orgn'> & {
  orgn: Omit<Receipt['orgn'], 'session'> & { session: Receipt['orgn']['session'] | string };
};

function toEntry(text: string, requestId: string): BlockEntry {
  const [stripped, evidence, place] = JSON.parse(text) as [Stripped, string[], number];
  const { session } = stripped.orgn;
  const complete = (part: SessionPart | null): Receipt => {
    const orgn = { ...stripped.orgn, ...part } as Receipt['orgn'];
    return { ...stripped, receipt_id: requestId, orgn };
  };
  const chat = { id: stripped.chat_id, model: stripped.model };
  return { requestId, chat, evidence, place, complete, session: typeof session === 'string' ? session : null };
}

const idBytes = (id: string): Buffer => Buffer.from(id.replaceAll('-', ''), 'hex');

function idAt(body: Buffer, at: number): string {
  const hex = body.toString('hex', at, at + ID_BYTES);
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
