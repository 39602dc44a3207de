import { usageSettled, usageStream, type EventContract, type PayloadOf } from '@orgn/contracts';
import { ensureDurable, ensureEventStream, EventConsumer, ServiceLog, type Bus } from '@orgn/service-kit';

/** Plays metering: makes the stream, hears every word and, unless told otherwise, says that it is settled. */
export async function playMetering<C extends EventContract>(
  bus: Bus,
  contracts: readonly C[],
  hear: (event: PayloadOf<C>) => void,
): Promise<{ stop(): Promise<void> }> {
  const { name: stream, durable, subjects } = usageStream;
  const prepare = async () => {
    await ensureEventStream(bus.connection);
    await ensureDurable(bus.connection, { stream, durable, filter: subjects[0] });
  };
  const settlement = {
    settle: async (words: { event: PayloadOf<C> }[]) => {
      for (const { event } of words) hear(event);
      bus.broadcast(usageSettled, { eventIds: words.map(({ event }) => (event as { id: string }).id) });
    },
    isPoison: () => true,
    quarantine: async ({ subject }: { subject: string }) => {
      throw new Error(`somebody said on ${subject} what its contract does not know`);
    },
  };
  const options = { contracts, stream, durable, prepare, settlement, pauseMs: 1 };
  const consumer = new EventConsumer(bus.connection, options, new ServiceLog('test', 'test-1', 'error'));
  await prepare();
  consumer.start();
  return consumer;
}
