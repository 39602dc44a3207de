import { type z } from 'zod';
import { event } from './contract.ts';
import { usageEvent, usageRecord, usageWitness } from './usage.ts';

/** A usage word as it was said before words carried a ticket: its witness is what it says of itself. */
export const formerUsageEvent = usageEvent.extend({ data: usageRecord.extend({ witness: usageWitness }) });
export type FormerUsageEvent = z.output<typeof formerUsageEvent>;

/** What the stream may still hold of an upgrade. Nobody can say it any more; metering drains it. */
export const formerUsageRecorded = event('events.usage.recorded', {
  publishedBy: [],
  consumedBy: ['usage-metering'],
  payload: formerUsageEvent,
  maxBatch: 256,
});
