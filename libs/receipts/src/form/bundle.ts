import { Malformed } from '@orgn/attestation';
import { z } from 'zod';
import { readOneText } from '../bytes/one-text.ts';
import { receiptSchema } from './receipt.ts';
import { successionSchema } from './succession.ts';

/** 32 MB: eight GPUs' evidence twice, many times over. */
const mostCharacters = 32 * 1024 * 1024;
const hex32 = z.string().regex(/^[0-9a-f]{64}$/);
const text = z.string();

const collateral = z.strictObject({
  pck_crl_issuer_chain: text,
  root_ca_crl: text,
  pck_crl: text,
  tcb_info_issuer_chain: text,
  tcb_info: text,
  tcb_info_signature: text,
  qe_identity_issuer_chain: text,
  qe_identity: text,
  qe_identity_signature: text,
});

const ofReport = {
  report: text,
  nonce: hex32,
  peerSpki: text.nullable(),
  collateral: z.array(collateral).max(16),
  nras: z.strictObject({ response: text, jwks: text }).nullable(),
};

/** `SessionEvidence` of `@orgn/attestation`, as received; GPUs may be shown by an earlier report. */
const evidence = z.strictObject({
  ...ofReport,
  gpus: z.strictObject({ at: z.int().min(0), evidence: z.strictObject(ofReport) }).optional(),
});

const logProof = z.strictObject({
  index: z.int().min(0),
  tree_size: z.int().min(1),
  /** Hashes of the inclusion proof (RFC 9162), in hex, from the leaf up. */
  proof: z.array(hex32).max(64),
  /** The signed head, as C2SP's tlog-checkpoint writes it. */
  checkpoint: z.string().max(4_096),
});

/** A receipt with everything that it rests on. */
export const bundleSchema = z.strictObject({
  format: z.literal('orgn-receipt-bundle/1'),
  receipt: receiptSchema,
  /** By the digest that the receipt names. */
  evidence: z.record(z.string().regex(/^sha256:[0-9a-f]{64}$/), evidence),
  /** `pending` until the minute's leaves are in the log. */
  log: z.union([logProof, z.literal('pending')]),
  /** The same endpoint verified again; absent until it was. */
  after: successionSchema.optional(),
});

export type Bundle = z.infer<typeof bundleSchema>;
export type LogProof = z.infer<typeof logProof>;

/** @throws Malformed for what is no bundle, has unknown members, or is not written in its one form */
export function readBundle(json: string): Bundle {
  const parsed = bundleSchema.safeParse(readOneText(json, mostCharacters));
  if (parsed.success) return parsed.data;
  const path = parsed.error.issues[0]?.path.join('.') ?? '';
  throw new Malformed(`not a receipt's bundle: ${path.slice(0, 200)}`);
}
