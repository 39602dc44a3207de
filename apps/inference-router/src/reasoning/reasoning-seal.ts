import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

/** A deployment's key: seals by the first of a list, opens by any of them. */
export interface ReasoningKey {
  kid: string;
  /** 32 bytes. */
  secret: Buffer;
}

/** Whose reasoning it is, and what may read it again. */
export interface SealTerms {
  teamId: string;
  /** `tee`, `zdr` or `operator`: what was said in an enclave is not repeated to a weaker class. */
  execution: string;
  /** The gateway's id of the model. */
  model: string;
}

/**
 * What opening comes to: the text; `elsewhere` when it is of another model, execution or a key that is gone, so that it is
 * left out; `forged` when this deployment never made it for this team.
 */
export type Opened = { text: string } | 'elsewhere' | 'forged';

const PREFIX = 'orgn1';
const ALGORITHM = 'aes-256-gcm';
const SALT_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const PADDING = 256;
const LENGTH_BYTES = 4;
const MAX_SEALED = 8 * 1024 * 1024;
const FORM = /^orgn1\.([a-z0-9_-]{1,32})\.([A-Za-z0-9_-]+)$/;

/**
 * Seals reasoning so that the caller can keep it for us: AES-256-GCM under a key of its own, which HKDF-SHA256 derives from
 * the deployment's and a random salt, so that random nonces never meet under one key. The length is padded to 256 bytes
 * and nothing is compressed. Team and key are authenticated beside it, model and execution inside it.
 */
export class ReasoningSeal {
  constructor(private readonly keys: readonly [ReasoningKey, ...ReasoningKey[]]) {}

  /** @returns `orgn1.<kid>.<base64url>`, of salt, nonce, ciphertext and tag */
  seal(text: string, { teamId, execution, model }: SealTerms): string {
    const [{ kid, secret }] = this.keys;
    const salt = randomBytes(SALT_BYTES);
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(ALGORITHM, derive(secret, salt), nonce).setAAD(bound(kid, teamId));
    const content = padded(JSON.stringify([execution, model, text]));
    const sealed = Buffer.concat([salt, nonce, cipher.update(content), cipher.final(), cipher.getAuthTag()]);
    return `${PREFIX}.${kid}.${sealed.toString('base64url')}`;
  }

  open(sealed: string, { teamId, execution, model }: SealTerms): Opened {
    const [, kid = '', encoded = ''] = FORM.exec(sealed.slice(0, MAX_SEALED)) ?? [];
    if (kid === '') return 'forged';
    const key = this.keys.find((each) => each.kid === kid);
    if (!key) return 'elsewhere';
    const content = decrypted(key, teamId, Buffer.from(encoded, 'base64url'));
    if (!content) return 'forged';
    return readable(content, { execution, model });
  }
}

function readable(content: Buffer, { execution, model }: Omit<SealTerms, 'teamId'>): Opened {
  const end = LENGTH_BYTES + content.readUInt32BE(0);
  const sealed = JSON.parse(content.toString('utf8', LENGTH_BYTES, end)) as [string, string, string];
  const [wasExecution, wasModel, text] = sealed;
  return wasExecution === execution && wasModel === model ? { text } : 'elsewhere';
}

function derive(secret: Buffer, salt: Buffer): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, salt, 'orgn reasoning seal 1', 32));
}

const bound = (kid: string, teamId: string) => Buffer.from(JSON.stringify([PREFIX, kid, teamId]));

function padded(text: string): Buffer {
  const length = Buffer.byteLength(text);
  const content = Buffer.alloc(Math.ceil((LENGTH_BYTES + length) / PADDING) * PADDING);
  content.writeUInt32BE(length, 0);
  content.write(text, LENGTH_BYTES);
  return content;
}

function decrypted({ kid, secret }: ReasoningKey, teamId: string, bytes: Buffer): Buffer | undefined {
  const contentStart = SALT_BYTES + NONCE_BYTES;
  if (bytes.length < contentStart + PADDING + TAG_BYTES) return undefined;
  const key = derive(secret, bytes.subarray(0, SALT_BYTES));
  const decipher = createDecipheriv(ALGORITHM, key, bytes.subarray(SALT_BYTES, contentStart))
    .setAAD(bound(kid, teamId))
    .setAuthTag(bytes.subarray(-TAG_BYTES));
  try {
    return Buffer.concat([decipher.update(bytes.subarray(contentStart, -TAG_BYTES)), decipher.final()]);
  } catch {
    return undefined;
  }
}
