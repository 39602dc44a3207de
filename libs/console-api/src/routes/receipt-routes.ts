import { longText, MAX_ENTRIES, requestId, shortText, teamId } from '@orgn/contracts';
import { z } from 'zod';
import { consoleRoute } from '../route.ts';

/** One thing that was verified, and who says so. */
export const shownCheck = z.object({
  id: shortText,
  status: z.enum(['pass', 'fail', 'unknown']),
  source: shortText,
  detail: longText,
});
export type ShownCheck = z.output<typeof shownCheck>;

const checks = z.array(shownCheck).max(MAX_ENTRIES);
const session = z.looseObject({ verified_at: z.number(), checks });

/** What pages show of a receipt; the file itself has more, and is signed as a whole. */
export const shownReceipt = z.looseObject({
  receipt_id: shortText,
  model: shortText,
  served_at: z.number(),
  orgn: z.looseObject({
    status: z.enum(['verified', 'pending', 'failed', 'unavailable']),
    reason: shortText.nullable(),
    execution: z.enum(['tee', 'zdr', 'operator']),
    provider: shortText,
    channel: z.enum(['instance_attested', 'key_attested']).nullable(),
    session: session.nullable(),
    checks,
    development_root: z.boolean(),
  }),
});
export type ShownReceipt = z.output<typeof shownReceipt>;

const params = z.strictObject({ teamId, requestId });
const tag = 'receipts';
const reading = {
  params,
  errors: ['not_found', 'not_permitted', 'rate_limit_exceeded', 'service_unavailable'],
  access: { who: 'signed_in', action: 'requests.read' },
  limit: 'report',
} as const;

export const receiptRoutes = {
  get: consoleRoute('getReceipt', {
    method: 'GET',
    path: '/api/teams/{teamId}/requests/{requestId}/receipt',
    tag,
    summary:
      'What the gateway signed of where an answer was made, of requests that the caller may see. `due`: it is being made. `unavailable`: it was to be made, and is lost. `none`: this request leaves none.',
    reply: z.object({
      state: z.enum(['there', 'due', 'unavailable', 'none']),
      receipt: shownReceipt.nullable(),
    }),
    ...reading,
  }),
  bundle: consoleRoute('getReceiptBundle', {
    method: 'GET',
    path: '/api/teams/{teamId}/requests/{requestId}/receipt/bundle',
    tag,
    summary: 'The receipt with all evidence that it rests on, as one file that verifies without this gateway.',
    /** Its members stay in their order, which is part of its form. */
    reply: z.looseObject({}),
    ...reading,
  }),
  keys: consoleRoute('listReceiptKeys', {
    method: 'GET',
    path: '/api/receipts/keys',
    tag,
    summary: 'The public keys that receipts of this deployment are signed with: what `GET /v1/receipts/keys` answers.',
    reply: z.looseObject({
      keys: z.array(z.looseObject({ kid: shortText, algorithm: z.literal('ed25519'), public_key: shortText })).max(64),
    }),
    errors: ['rate_limit_exceeded', 'service_unavailable'],
    access: { who: 'signed_in' },
    limit: 'report',
  }),
  log: consoleRoute('getReceiptLog', {
    method: 'GET',
    path: '/api/receipts/log',
    tag,
    summary: 'The signed head of the log that receipts are in: what `GET /v1/transparency/checkpoint` answers.',
    reply: z.object({
      /** As C2SP’s tlog-checkpoint writes it; null before the first minute, and where there is no log. */
      checkpoint: longText.nullable(),
      size: z.number().int(),
    }),
    errors: ['rate_limit_exceeded', 'service_unavailable'],
    access: { who: 'signed_in' },
    limit: 'report',
  }),
};
