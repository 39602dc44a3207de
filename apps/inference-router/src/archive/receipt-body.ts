import { promisify } from 'node:util';
import { deflateRaw, inflateRaw } from 'node:zlib';
import { canonicalJson } from '@orgn/attestation';
import type { Receipt } from '@orgn/receipts';
import { namedContent, type Content } from './content.ts';
import { RECEIPT_FORM_1 } from './receipt-form.ts';

const deflate = promisify(deflateRaw);
const inflate = promisify(inflateRaw);
const LEVEL = 6;
const VERSION = Buffer.from([1]);
const MOST_BYTES = 8 * 1024 * 1024;

/** What a receipt has in common with the others of its session, nine tenths of it, under a name that follows from the session's. */
export function dictionaryOf({ orgn: { policy, session, provider, spki_sha256 } }: Receipt): Content | null {
  return (
    session && namedContent(sessionName(session.evidence), canonicalJson({ policy, session, provider, spki_sha256 }))
  );
}

/** @param evidence the digest that receipts name the session's evidence by */
export const sessionName = (evidence: string): string => `session ${evidence}`;

/** A receipt's JSON, as short as it gets beside its dictionary, behind the version of the form that it is pressed with. */
export async function pressed(receipt: Receipt, dictionary: Content | null): Promise<Buffer> {
  const body = await deflate(canonicalJson(receipt), { level: LEVEL, dictionary: withForm(dictionary?.text) });
  return Buffer.concat([VERSION, body]);
}

/** @param dictionary the text that it was pressed with @throws Error for what is damaged, or of another version */
export async function unpressed(body: Buffer, dictionary: string | null): Promise<Receipt> {
  return JSON.parse(await unpressedText(body, dictionary)) as Receipt;
}

/** The same as canonical JSON. */
export async function unpressedText(body: Buffer, dictionary: string | null): Promise<string> {
  if (body[0] !== VERSION[0]) throw new Error('a receipt that another release has kept');
  const options = { maxOutputLength: MOST_BYTES, dictionary: withForm(dictionary ?? undefined) };
  return (await inflate(body.subarray(1), options)).toString('utf8');
}

const withForm = (text = '') => Buffer.from(text + RECEIPT_FORM_1);
