import { z } from 'zod';
import { shortText } from './bounds.ts';
import { request, survey } from './contract.ts';
import { requestId, teamId } from './ids.ts';

/** A receipt as JSON, of at most so many characters; its evidence is compressed, within what the bus carries at once. */
const MAX_RECEIPT = 256 * 1024;
const MAX_BUNDLE = 960 * 1024;

/** Asked of all routers: the receipt of a request, which the router has that ran it. Only the team's own is found. */
export const findReceipt = survey('receipts.find', {
  askedBy: ['gateway', 'auth'],
  answeredBy: ['inference-router'],
  request: z.object({ requestId, teamId, form: z.enum(['receipt', 'bundle']) }),
  reply: z.object({
    /** `due`: the answer is over, and its receipt is being made. */
    state: z.enum(['absent', 'due', 'there']),
    receipt: z.string().max(MAX_RECEIPT).nullable(),
    /** The bundle's canonical JSON, by gzip, in base64. */
    bundle: z.string().max(MAX_BUNDLE).nullable(),
  }),
  windowMs: 400,
});

/** Asked of all routers: what a provider signed of an answer of the team's. */
export const findSignature = survey('receipts.signature', {
  askedBy: ['gateway'],
  answeredBy: ['inference-router'],
  request: z.object({ chatId: z.string().regex(/^[\w-]{1,128}$/), teamId }),
  reply: z.object({
    signature: z
      .object({
        text: z.string().max(2_048),
        signature: z.string().max(1_024),
        signing_address: shortText,
        signing_algo: shortText,
      })
      .nullable(),
  }),
  windowMs: 400,
});

/** The public keys that receipts of this deployment are verified with, the current one first. */
export const listReceiptKeys = request('receipts.keys', {
  askedBy: ['gateway', 'auth'],
  answeredBy: ['inference-router'],
  request: z.object({}),
  reply: z.object({
    keys: z.array(z.object({ kid: shortText, publicKey: z.string().regex(/^[0-9a-f]{64}$/) })).max(64),
  }),
  errors: [],
  timeoutMs: 2_000,
});
