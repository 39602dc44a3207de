import { Malformed } from '@orgn/attestation';
import { z } from 'zod';

const key = z.object({
  kid: z.string().regex(/^[\w.-]{1,64}$/),
  algorithm: z.literal('ed25519'),
  /** 32 bytes in hex. */
  public_key: z.string().regex(/^[0-9a-f]{64}$/),
});

/** `GET /v1/receipts/keys`: the keys of a deployment's receipts and log, and the name of its log. */
export const keysSchema = z.object({
  keys: z.array(key).min(1).max(64),
  /** Absent where there is no log. */
  log: z.object({ origin: z.string().max(256) }).optional(),
});

export type ReceiptKeys = z.infer<typeof keysSchema>;

/** @throws Malformed */
export function readKeys(json: string): ReceiptKeys {
  try {
    return keysSchema.parse(JSON.parse(json));
  } catch {
    throw new Malformed('not a file of receipt keys');
  }
}
