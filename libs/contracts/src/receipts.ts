import { z } from 'zod';
import { shortText } from './bounds.ts';
import { request, survey } from './contract.ts';
import { requestId, teamId } from './ids.ts';

/** A receipt as JSON, of at most so many characters; its evidence is compressed, within what the bus carries at once. */
const MAX_RECEIPT = 256 * 1024;
const MAX_BUNDLE = 960 * 1024;
const moment = z.iso.datetime().max(64);

const signature = z.object({
  text: z.string().max(2_048),
  signature: z.string().max(1_024),
  signing_address: shortText,
  signing_algo: shortText,
});
const chatId = z.string().regex(/^[\w-]{1,128}$/);

/** Asked of any router: a receipt that is kept. Only the team's own is found. */
export const readReceipt = request('receipts.read', {
  askedBy: ['gateway', 'auth'],
  answeredBy: ['inference-router'],
  request: z.object({
    teamId,
    /** One of the two. */
    requestId: requestId.nullable(),
    chatId: chatId.nullable(),
    /** Of our catalogue: of answers with the same id, this one's. */
    model: shortText.nullable().default(null),
    form: z.enum(['receipt', 'bundle', 'signature']),
  }),
  reply: z.object({
    isThere: z.boolean(),
    receipt: z.string().max(MAX_RECEIPT).nullable(),
    /** The bundle's canonical JSON, by gzip, in base64. */
    bundle: z.string().max(MAX_BUNDLE).nullable(),
    signature: signature.nullable(),
  }),
  errors: [],
  timeoutMs: 4_000,
});

/** Whether a receipt of a team's request was to be made: where it is nowhere, it was lost with its router. */
export const isReceiptDue = request('receipts.due', {
  askedBy: ['gateway', 'auth'],
  answeredBy: ['usage-metering'],
  request: z.object({ teamId, requestId }),
  reply: z.object({ isDue: z.boolean() }),
  errors: [],
  timeoutMs: 2_000,
});

/** Asked of all routers: the receipt of a request, which the router has that ran it, until it is kept. Only the team's own is found. */
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
  request: z.object({ chatId, teamId }),
  reply: z.object({ signature: signature.nullable() }),
  windowMs: 400,
});

/** The public keys that receipts of this deployment are verified with, the current one first. */
export const listReceiptKeys = request('receipts.keys', {
  askedBy: ['gateway', 'auth'],
  answeredBy: ['inference-router'],
  request: z.object({}),
  reply: z.object({
    keys: z
      .array(
        z.object({
          kid: shortText,
          publicKey: z.string().regex(/^[0-9a-f]{64}$/),
          /** When a router had it first and last; absent where nobody keeps that. */
          firstUsedAt: moment.optional(),
          lastUsedAt: moment.optional(),
        }),
      )
      .max(64),
    /** The transparency log's name, and its keys as C2SP's signed notes write them; absent where there is none. */
    log: z.object({ origin: shortText, verifierKeys: z.array(shortText).max(64) }).optional(),
  }),
  errors: [],
  timeoutMs: 2_000,
});
