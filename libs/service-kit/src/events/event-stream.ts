import { DiscardPolicy, RetentionPolicy, StorageType, jetstreamManager } from '@nats-io/jetstream';
import { nanos, type NatsConnection } from '@nats-io/transport-node';
import { eventStream } from '@orgn/contracts';

/** Makes the event stream what the contract says, creating it when it is missing. Safe to run from many processes. */
export async function ensureEventStream(connection: NatsConnection): Promise<void> {
  const manager = await jetstreamManager(connection, { timeout: 5_000 });
  const settings = {
    subjects: [...eventStream.subjects],
    max_age: nanos(eventStream.maxAgeSeconds * 1_000),
    max_bytes: eventStream.maxBytes,
    duplicate_window: nanos(eventStream.duplicateWindowSeconds * 1_000),
    discard: DiscardPolicy.Old,
  };
  const fixed = {
    name: eventStream.name,
    retention: RetentionPolicy.Limits,
    storage: StorageType.File,
    num_replicas: 1,
  };
  try {
    await manager.streams.add({ ...fixed, ...settings });
  } catch {
    // It exists with other settings: bring them up to date. A real failure repeats itself here and is thrown.
    await manager.streams.update(eventStream.name, settings);
  }
}
