import { concat, fromBase64, fromHex, Malformed, toBase64, toHex, utf8, type Crypto } from '@orgn/attestation';
import type { ReceiptKeys } from '../form/keys.ts';
import type { ReceiptSigner } from '../form/sign.ts';

/** The head of a log. */
export interface Checkpoint {
  readonly origin: string;
  readonly size: number;
  /** Hex. */
  readonly root: string;
}

const ed25519 = 1;
const name = /^[^\s+]{1,256}$/;

/** The head as C2SP's tlog-checkpoint writes it, signed as a note. @param publicKey 32 bytes, of the signer */
export function signCheckpoint(head: Checkpoint, signer: ReceiptSigner, publicKey: Uint8Array, crypto: Crypto): string {
  const text = textOf(head);
  const signature = toBase64(concat(keyHash(head.origin, publicKey, crypto), signer.sign(utf8(text))));
  return `${text}\n— ${head.origin} ${signature}\n`;
}

/** A key as C2SP's signed notes name it: `<name>+<hash>+<key>`. @param publicKey 32 bytes, of ed25519 */
export function verifierKey(origin: string, publicKey: Uint8Array, crypto: Crypto): string {
  const key = concat(Uint8Array.of(ed25519), publicKey);
  return `${origin}+${toHex(keyHash(origin, publicKey, crypto))}+${toBase64(key)}`;
}

/** A note as it is read: its head, the very text, and who signed it. */
interface Note {
  readonly head: Checkpoint;
  readonly text: string;
  readonly signer: { readonly name: string; readonly keyHash: string; readonly signature: Uint8Array };
}

/** @returns the head when any of the keys signed it, else null @throws Malformed for what is no checkpoint of one signature */
export async function openCheckpoint(
  note: string,
  { keys, log }: ReceiptKeys,
  crypto: Crypto,
): Promise<Checkpoint | null> {
  const { head, text, signer } = readNote(note);
  if (head.origin !== log?.origin || signer.name !== log.origin) return null;
  const named = keys
    .map(({ public_key: key }) => fromHex(key))
    .filter((key) => toHex(keyHash(head.origin, key, crypto)) === signer.keyHash);
  for (const key of named) {
    const what = { scheme: 'ed25519', key, signature: signer.signature, signed: utf8(text) } as const;
    if (await crypto.verify(what)) return head;
  }
  return null;
}

function readNote(note: string): Note {
  const form = /^(?<text>(?<origin>[^\n]+)\n(?<size>\d{1,15})\n(?<root>[A-Za-z0-9+/]{43}=)\n)\n(?<line>— [^\n]+)\n$/;
  const groups = form.exec(note)?.groups;
  if (!groups) throw new Malformed('not a checkpoint');
  const { text, origin, size, root, line } = groups as Record<'text' | 'origin' | 'size' | 'root' | 'line', string>;
  const head = { origin, size: Number(size), root: toHex(fromBase64(root)) };
  if (!name.test(origin) || textOf(head) !== text) throw new Malformed('not a checkpoint in its one form');
  return { head, text, signer: readSignature(line) };
}

function textOf({ origin, size, root }: Checkpoint): string {
  return `${origin}\n${size}\n${toBase64(fromHex(root))}\n`;
}

function keyHash(origin: string, publicKey: Uint8Array, crypto: Crypto): Uint8Array {
  return crypto.sha256(concat(utf8(`${origin}\n`), Uint8Array.of(ed25519), publicKey)).subarray(0, 4);
}

function readSignature(line: string) {
  const [, signer = '', base64 = ''] = line.split(' ');
  const bytes = fromBase64(base64);
  if (line !== `— ${signer} ${toBase64(bytes)}`) throw new Malformed('not written in its one form');
  return { name: signer, keyHash: toHex(bytes.subarray(0, 4)), signature: bytes.subarray(4) };
}
