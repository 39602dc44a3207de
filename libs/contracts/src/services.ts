import { z } from 'zod';
import { boundedRecord } from './bounded-record.ts';
import { shortText } from './bounds.ts';
import { broadcast } from './contract.ts';
import { services } from './parties.ts';
import { instanceName } from './usage.ts';

const count = z.number().int().nonnegative();

/** How often every process says how it is, in milliseconds. */
export const SERVICE_WORD_MS = 5_000;

/** What each process says of itself: which release it is, since when it runs, and what is wrong with it. */
export const serviceDescribed = broadcast('broadcast.services', {
  saidBy: [...services],
  heardBy: ['auth'],
  payload: z.object({
    service: z.enum(services),
    instance: instanceName,
    /** Of the release. */
    version: shortText,
    startedAt: z.iso.datetime().max(64),
    /** Conditions of its health that do not hold, and what is wrong with each. */
    faults: boundedRecord(shortText, shortText, 32),
    /** How long its event loop stood still at most since its last word, in milliseconds. */
    loopLagMs: count,
    /** Usage words on their way to the database, from whoever settles them; null: somebody else, or not known. */
    backlog: z.object({ messages: count, oldestSeconds: count }).nullable(),
  }),
});
