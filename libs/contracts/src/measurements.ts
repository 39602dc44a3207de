import { z } from 'zod';
import { shortText } from './bounds.ts';
import { broadcast, request } from './contract.ts';

const moment = z.iso.datetime().max(64);
const measured = shortText.nullable();

/** What was measured of a provider's enclave, and whether this deployment sends anything to it. */
const measurement = z.object({
  id: z.string().regex(/^[0-9a-f]{64}$/),
  provider: shortText,
  /** `seen`: nobody has said anything of it, and nothing is sent where approval is demanded. */
  state: z.enum(['seen', 'approved', 'refused']),
  firstSeenAt: moment,
  lastSeenAt: moment,
  /** Who decided, by their own account of who they are, and when. */
  decidedBy: shortText.nullable(),
  decidedAt: moment.nullable(),
  mrtd: measured,
  rtmr0: measured,
  rtmr1: measured,
  rtmr2: measured,
  composeHash: measured,
  osImageHash: measured,
  appId: measured,
  imageDigests: z.array(shortText).max(256),
  /** Names of these members that differ from what was approved last of the same provider; null where nothing was. */
  changed: z.array(shortText).max(16).nullable(),
  /** Lines of its compose file that differ, `- ` before those of then and `+ ` before its own; null or absent where that is not known. */
  composeChanges: z.array(shortText).max(128).nullable().optional(),
});

/** What routers have measured, latest first. */
export const listMeasurements = request('measurements.list', {
  askedBy: ['operator', 'auth'],
  answeredBy: ['inference-router'],
  request: z.object({}),
  reply: z.object({ measurements: z.array(measurement).max(500) }),
  errors: [],
  timeoutMs: 5_000,
});

/** An operator says whether prompts may go to what was measured. Repeating it changes nothing. */
export const decideMeasurement = request('measurements.decide', {
  askedBy: ['operator', 'auth'],
  answeredBy: ['inference-router'],
  request: z.object({
    id: z.string().regex(/^[0-9a-f]{64}$/),
    state: z.enum(['approved', 'refused']),
    by: shortText,
  }),
  reply: z.object({ measurement }),
  errors: ['not_found'],
  timeoutMs: 5_000,
});

/** Something was decided: routers look at once. */
export const measurementsDecided = broadcast('broadcast.measurements.decided', {
  saidBy: ['inference-router'],
  heardBy: ['inference-router'],
  payload: z.object({ provider: shortText }),
});
