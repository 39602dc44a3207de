import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import type { ReasoningKey } from './reasoning-key.ts';

/** What a seal is good for: one team, and the model that reasoned, where it executed. */
export interface SealBinding {
  teamId: string;
  /** Execution class, operator and model: what it says is readable by whoever holds the seal. */
  executed: string;
}

/** A seal taken apart; nothing of it is believed before it is opened. */
export interface SealParts {
  kid: string;
  executed: string;
  salt: Buffer;
  nonce: Buffer;
  sealed: Buffer;
}

const VERSION = 'orgn1';
const CIPHER = 'aes-256-gcm';
const SALT_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const LENGTH_BYTES = 4;
/** What is sealed has a multiple of this size, so that a seal does not tell how long its text is. */
const BLOCK_BYTES = 256;

const FORM = new RegExp(`^${VERSION}\\.([a-z0-9_-]{1,32})\\.([A-Za-z0-9_-]{1,1024})\\.([A-Za-z0-9_-]+)$`);

/**
 * Seals a text: `orgn1.<kid>.<executed>.<salt, nonce, ciphertext, tag>`, the last two in base64url. AES-256-GCM under a key
 * of its own, HKDF-SHA256 of the secret and a random salt, so that no number of seals wears the secret out. Team and
 * execution are authenticated with it. Never compressed: a length would tell what the text repeats.
 */
export function seal(text: string, { kid, secret }: ReasoningKey, binding: SealBinding): string {
  const [salt, nonce] = [randomBytes(SALT_BYTES), randomBytes(NONCE_BYTES)];
  const cipher = createCipheriv(CIPHER, keyOf(secret, salt), nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(boundBytes(kid, binding));
  const sealed = Buffer.concat([salt, nonce, cipher.update(pad(text)), cipher.final(), cipher.getAuthTag()]);
  return [VERSION, kid, Buffer.from(binding.executed).toString('base64url'), sealed.toString('base64url')].join('.');
}

/** Takes a seal apart. @returns undefined for what has not the form of one, in the one way to write it */
export function readSeal(text: string): SealParts | undefined {
  const [, kid, executed, body] = FORM.exec(text) ?? [];
  if (kid === undefined || executed === undefined || body === undefined) return undefined;
  const bytes = Buffer.from(body, 'base64url');
  const sealed = bytes.subarray(SALT_BYTES + NONCE_BYTES);
  if (sealed.length < BLOCK_BYTES + TAG_BYTES || bytes.toString('base64url') !== body) return undefined;
  return {
    kid,
    executed: Buffer.from(executed, 'base64url').toString(),
    salt: bytes.subarray(0, SALT_BYTES),
    nonce: bytes.subarray(SALT_BYTES, SALT_BYTES + NONCE_BYTES),
    sealed,
  };
}

/** @returns the text; undefined when the seal was not made by this key for this team and execution */
export function openSeal(parts: SealParts, { kid, secret }: ReasoningKey, teamId: string): string | undefined {
  const decipher = createDecipheriv(CIPHER, keyOf(secret, parts.salt), parts.nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(boundBytes(kid, { teamId, executed: parts.executed }));
  decipher.setAuthTag(parts.sealed.subarray(-TAG_BYTES));
  try {
    return unpad(Buffer.concat([decipher.update(parts.sealed.subarray(0, -TAG_BYTES)), decipher.final()]));
  } catch {
    return undefined;
  }
}

function keyOf(secret: Buffer, salt: Buffer): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, salt, `${VERSION} reasoning`, 32));
}

/** JSON, so that no two bindings read the same. */
function boundBytes(kid: string, { teamId, executed }: SealBinding): Buffer {
  return Buffer.from(JSON.stringify([VERSION, kid, teamId, executed]));
}

function pad(text: string): Buffer {
  const bytes = Buffer.from(text);
  const padded = Buffer.alloc(Math.ceil((LENGTH_BYTES + bytes.length) / BLOCK_BYTES) * BLOCK_BYTES);
  padded.writeUInt32BE(bytes.length);
  bytes.copy(padded, LENGTH_BYTES);
  return padded;
}

function unpad(padded: Buffer): string {
  return padded.subarray(LENGTH_BYTES, LENGTH_BYTES + padded.readUInt32BE()).toString();
}
