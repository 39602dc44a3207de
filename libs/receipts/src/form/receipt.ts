import { checkIds, reportForms, tcbStatuses } from '@orgn/attestation';
import { z } from 'zod';

const digest = z.string().regex(/^sha256:[0-9a-f]{64}$/);
const hex = (bytes: number) => z.string().regex(new RegExp(`^[0-9a-f]{${bytes * 2}}$`));
const name = z.string().max(256);
const milliseconds = z.int().min(0);

const check = z.strictObject({
  id: z.enum(checkIds),
  status: z.enum(['pass', 'fail', 'unknown']),
  source: z.enum(['hardware_proven', 'verifier_derived', 'provider_asserted', 'operator_asserted']),
  detail: z.string().max(300),
});

const text = z.string().max(4_096);
const nullable = text.nullable();
const measurementRule = z
  .strictObject({
    name,
    mrtd: text,
    rtmr0: text,
    rtmr1: text,
    rtmr2: text,
    rtmr3: text,
    mrSeam: text,
    mrConfigId: text,
    appId: nullable,
    instanceId: nullable,
    composeHash: nullable,
    osImageHash: nullable,
    keyProvider: nullable,
    mrKms: nullable,
    imageDigests: z.array(name).max(256),
  })
  .partial()
  .required({ name: true });

/** What somebody demands of an enclave, as receipts and files of policies say it. */
export const policySchema = z.strictObject({
  format: z.literal(1),
  require: z.array(z.enum(checkIds)).max(checkIds.length),
  forms: z.array(z.enum(reportForms)).max(16),
  tcbStatuses: z.array(z.enum(tcbStatuses)).max(16),
  advisories: z.array(name).max(256).nullable(),
  minimumTcbEvaluation: z.int().min(0),
  tdAttributes: z.array(hex(8)).max(64).nullable(),
  xfams: z.array(hex(8)).max(64).nullable(),
  gpus: z.strictObject({ minimum: z.int().min(0), exactly: z.int().min(0).nullable() }),
  measurements: z.array(measurementRule).max(1_024),
});

const verdict = z.strictObject({
  status: z.enum(['verified', 'failed', 'unknown']),
  policyDigest: digest,
  failed: z.array(z.enum(checkIds)),
  unknown: z.array(z.enum(checkIds)),
});

/** A verification of the enclave, by the digest of the evidence that it rests on. */
export const sessionSchema = z.strictObject({
  evidence: digest,
  verified_at: milliseconds,
  verdict,
  checks: z.array(check).max(checkIds.length),
});

/** An edit of the request: what was taken out is not repeated. */
const splice = z.strictObject({ at: z.int().min(0), length: z.int().min(0), put: z.string().max(4_096) });
/** An edit of an answer, which can be undone. */
const undoable = z.strictObject({ at: z.int().min(0), cut: z.string().max(8_192), put: z.string().max(8_192) });

const signedAnswer = z.strictObject({
  text: z.string().max(2_048),
  signature: z.string().max(1_024),
  signing_address: z.string().max(256),
  signing_algo: z.string().max(32),
});

export const receiptStatuses = ['verified', 'pending', 'failed', 'unavailable'] as const;

/** What this gateway says beyond ACI. */
const orgn = z.strictObject({
  format: z.literal(1),
  status: z.enum(receiptStatuses),
  /** Why it is not `verified`; a phrase of ours. */
  reason: z.string().max(300).nullable(),
  gateway_build: name,
  verifier: name,
  execution: z.enum(['tee', 'zdr', 'operator']),
  provider: name,
  upstream_model: name,
  /** `partial`: the answer broke off, or the caller left. */
  answer: z.enum(['complete', 'partial']),
  /** The answer is a translation of the provider's: no list of edits leads from one to the other. */
  translated: z.boolean(),
  times: z.strictObject({ received: milliseconds, answered: milliseconds, issued: milliseconds }),
  /** SHA-256 of the provider's bytes as they came. */
  response_received: digest.nullable(),
  /** What the edge did not pass on of the request: made before the other edits. Null where that is not known. */
  request_cuts: z.array(splice).max(1_000).nullable(),
  /** Null where they are not known, or would not lead there. */
  request_edits: z.array(splice).max(10_000).nullable(),
  response_edits: z.array(undoable).max(100_000).nullable(),
  /** What is known of the connection: its TLS key was attested, or that very connection was. */
  channel: z.enum(['instance_attested', 'key_attested']).nullable(),
  spki_sha256: hex(32).nullable(),
  session: sessionSchema.nullable(),
  /** The same endpoint verified again after the answer. */
  session_after: sessionSchema.nullable(),
  policy: policySchema.nullable(),
  provider_signature: signedAnswer.nullable(),
  checks: z.array(check).max(checkIds.length),
  development_root: z.boolean(),
  /** The provider's word, of requests under zero data retention. */
  zdr: z.strictObject({ requested: z.boolean(), routing: digest.nullable(), generation: name.nullable() }).nullable(),
  /** Hides the receipt's digest in the log. */
  log_salt: hex(32),
});

const bodyHash = digest;
const verified = { type: z.literal('upstream.verified'), required: z.boolean(), model_id: name };

/** A receipt in ACI's form (`aci/1`), with what is ours in `orgn`. */
export const receiptSchema = z.strictObject({
  api_version: z.literal('aci/1'),
  receipt_id: z.uuid(),
  chat_id: name.nullable(),
  endpoint: name,
  method: z.literal('POST'),
  model: name,
  /** Seconds since 1970. */
  served_at: z.int().min(0),
  event_log: z.tuple([
    z.strictObject({ type: z.literal('request.received'), body_hash: bodyHash }),
    z.strictObject({ type: z.literal('request.forwarded'), body_hash: bodyHash }),
    z.union([
      z.strictObject({ ...verified, result: z.literal('verified'), session_id: hex(32) }),
      z.strictObject({ ...verified, result: z.literal('failed'), reason: z.string().max(300) }),
    ]),
    z.strictObject({ type: z.literal('response.returned'), body_hash: bodyHash.nullable() }),
  ]),
  orgn,
  key_id: z.string().regex(/^[\w.-]{1,64}$/),
  /** ed25519 over the canonical JSON of everything else, in hex. */
  signature: hex(64),
});

export type Receipt = z.infer<typeof receiptSchema>;
export type UnsignedReceipt = Omit<Receipt, 'signature' | 'key_id'>;
export type ReceiptSession = z.infer<typeof sessionSchema>;
export type ReceiptStatus = (typeof receiptStatuses)[number];
