import { z } from 'zod';
import { broadcast } from './contract.ts';

/**
 * The JetStream stream of usage words. A work queue: what is settled leaves at once, and when it is full it takes nothing
 * new, so that what is in it is never lost. It captures `events.usage.>` only: anything wider would answer requests with
 * its own acks. Only usage-metering makes it, and reads it through one durable consumer that its replicas share.
 */
export const usageStream = {
  name: 'USAGE',
  subjects: ['events.usage.>'],
  durable: 'usage-metering',
  /** Unless USAGE_STREAM_MAX_BYTES says otherwise: about a million words. */
  maxBytes: 1024 * 1024 * 1024,
  /** The server drops a repetition of the same message within this time. */
  duplicateWindowSeconds: 300,
} as const;

/**
 * The stream of releases before: it took everything under `events.`, and threw its oldest away when it was full.
 * usage-metering takes its subjects from it, settles what is left in it, and deletes it.
 */
export const formerStream = {
  name: 'EVENTS',
  durable: 'usage-metering',
  /** Nobody publishes here: a stream must have a subject. */
  subjects: ['former.events'],
} as const;

/**
 * Where usage-metering publishes to the server itself: the whole of its JetStream API, and nobody else has any. `INFO` is
 * asked for metrics, `MSG.NEXT` pulls, `STREAM.MSG.GET` is how a backup reads what is not settled yet, `$JS.ACK` acknowledges and says that work goes on. The last two forms of
 * `CONSUMER.CREATE` are how a consumer with a filter and, by servers before 2.9, any consumer is asked for.
 */
export const streamApi: readonly string[] = [
  `$JS.API.STREAM.CREATE.${usageStream.name}`,
  `$JS.API.STREAM.MSG.GET.${usageStream.name}`,
  `$JS.API.STREAM.DELETE.${formerStream.name}`,
  // Only to make it anew where it has lost its place; what the stream holds stays there.
  `$JS.API.CONSUMER.DELETE.${usageStream.name}.${usageStream.durable}`,
  ...[usageStream, formerStream].flatMap(({ name, durable }) => [
    `$JS.API.STREAM.INFO.${name}`,
    `$JS.API.STREAM.UPDATE.${name}`,
    `$JS.API.CONSUMER.INFO.${name}.${durable}`,
    `$JS.API.CONSUMER.MSG.NEXT.${name}.${durable}`,
    `$JS.API.CONSUMER.CREATE.${name}.${durable}`,
    `$JS.API.CONSUMER.CREATE.${name}.${durable}.>`,
    `$JS.API.CONSUMER.DURABLE.CREATE.${name}.${durable}`,
    `$JS.ACK.${name}.${durable}.>`,
  ]),
];

/** What the stream holds, said every few seconds: a publisher whose message is still in it need not say it again. */
export const usageStored = broadcast('broadcast.usage.stored', {
  saidBy: ['usage-metering'],
  heardBy: ['inference-router', 'gateway'],
  payload: z.object({
    /** When the stream was made, as the server says it: another time means another stream. */
    createdAt: z.string().max(64),
    /** Sequence of the oldest message in it; what came before has left. */
    firstSequence: z.number().int().nonnegative(),
    lastSequence: z.number().int().nonnegative(),
  }),
});
