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
