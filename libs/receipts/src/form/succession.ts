import { canonicalJson, toHex, utf8 } from '@orgn/attestation';
import { z } from 'zod';
import type { ReceiptSigner } from './sign.ts';
import { policySchema, sessionSchema } from './receipt.ts';

/** The verification of an endpoint that came after another one: signed by the deployment, once for all receipts of that. */
export const successionSchema = z.strictObject({
  format: z.literal('orgn-session-after/1'),
  /** The evidence of the session before, as receipts name it. */
  before: z.string().regex(/^sha256:[0-9a-f]{64}$/),
  policy: policySchema,
  session: sessionSchema,
  key_id: z.string().regex(/^[\w.-]{1,64}$/),
  /** ed25519 over the canonical JSON of everything else, in hex. */
  signature: z.string().regex(/^[0-9a-f]{128}$/),
});

export type Succession = z.infer<typeof successionSchema>;
export type UnsignedSuccession = Omit<Succession, 'key_id' | 'signature'>;

/** The bytes that the signature is over. */
export function signedBytesOf({
  signature: _,
  ...rest
}: Omit<Succession, 'signature'> & { signature?: string }): Uint8Array {
  return utf8(canonicalJson(rest));
}

export function signSuccession(succession: UnsignedSuccession, signer: ReceiptSigner): Succession {
  const named = { ...succession, key_id: signer.kid };
  return { ...named, signature: toHex(signer.sign(signedBytesOf(named))) };
}
