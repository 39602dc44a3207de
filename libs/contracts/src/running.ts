import { z } from 'zod';
import { survey } from './contract.ts';
import { keyId } from './ids.ts';
import { instanceName } from './usage.ts';

const count = z.number().int().nonnegative();

/** Asked of all gateways: how much runs under a key at this moment. Counts only. */
export const countRunning = survey('gateway.running', {
  askedBy: ['auth'],
  answeredBy: ['gateway'],
  request: z.object({ keyId }),
  reply: z.object({
    gateway: instanceName,
    /** Between the verification of their key and their end, streams included. */
    requests: count,
    streams: count,
  }),
  windowMs: 300,
});

/** Asked by a gateway that stops: which others callers can go to. One that stops itself does not answer. */
export const findGateways = survey('gateways.find', {
  askedBy: ['gateway'],
  answeredBy: ['gateway'],
  request: z.object({}),
  reply: z.object({ gateway: instanceName }),
  windowMs: 200,
});
