import {
  AckPolicy,
  DiscardPolicy,
  jetstreamManager,
  JetStreamApiError,
  RetentionPolicy,
  StorageType,
  type JetStreamManager,
  type StreamInfo,
} from '@nats-io/jetstream';
import { nanos, type NatsConnection } from '@nats-io/transport-node';
import { formerStream, usageStream } from '@orgn/contracts';
import { wholeLimit } from './whole-records.ts';

const API_TIMEOUT_MS = 5_000;
/** The server delivers a message again when it has heard nothing of it for so long. */
export const ACK_WAIT_MS = 30_000;
/** Messages that may be under way at once, over all replicas: what one of them may have in memory. */
const MAX_ACK_PENDING = 32;
const STREAM_NOT_FOUND = 10_059;
const CONSUMER_NOT_FOUND = 10_014;

/** The server's own interface, without the question whether it has JetStream, which few may ask. */
export function managerOf(connection: NatsConnection): Promise<JetStreamManager> {
  return jetstreamManager(connection, { timeout: API_TIMEOUT_MS, checkAPI: false });
}

/**
 * Makes the stream of usage words what the contract says, creating it when it is missing. Safe to run from many processes.
 * @param maxBytes most that it holds; beyond, nothing new is taken
 */
export async function ensureEventStream(
  connection: NatsConnection,
  maxBytes: number = usageStream.maxBytes,
): Promise<void> {
  const manager = await managerOf(connection);
  const settings = {
    subjects: [...usageStream.subjects],
    max_bytes: wholeLimit(maxBytes),
    duplicate_window: nanos(usageStream.duplicateWindowSeconds * 1_000),
    discard: DiscardPolicy.New,
    // Servers before 2.10 take an acknowledgement's address for a request when it names their API: a publisher could have
    // the stream emptied.
    deny_purge: true,
    deny_delete: true,
  };
  const fixed = {
    name: usageStream.name,
    retention: RetentionPolicy.Workqueue,
    storage: StorageType.File,
    num_replicas: 1,
  };
  try {
    await manager.streams.add({ ...fixed, ...settings });
  } catch {
    // It exists with other settings: bring them up to date. A real failure repeats itself here and is thrown.
    await manager.streams.update(usageStream.name, settings);
  }
}

/** Makes the durable consumer what this release needs; one that is there keeps its place. */
export async function ensureDurable(
  connection: NatsConnection,
  at: { stream: string; durable: string; filter?: string },
): Promise<void> {
  const manager = await managerOf(connection);
  const settings = { ack_wait: nanos(ACK_WAIT_MS), max_ack_pending: MAX_ACK_PENDING };
  try {
    const { config } = await manager.consumers.info(at.stream, at.durable);
    if (config.ack_wait === settings.ack_wait && config.max_ack_pending === settings.max_ack_pending) return;
    await manager.consumers.update(at.stream, at.durable, settings);
  } catch (error) {
    if (!isError(error, CONSUMER_NOT_FOUND)) throw error;
    await manager.consumers.add(at.stream, {
      durable_name: at.durable,
      ack_policy: AckPolicy.Explicit,
      ...(at.filter !== undefined && { filter_subject: at.filter }),
      ...settings,
    });
  }
}

/** Takes the former stream's subjects from it, so that the new one can have them. @returns false when there is none */
export async function narrowFormerStream(connection: NatsConnection): Promise<boolean> {
  const manager = await managerOf(connection);
  const info = await infoOf(manager, formerStream.name);
  if (!info) return false;
  // First: what its consumer filters is none of the stream's subjects afterwards, and could not be set again.
  await ensureDurable(connection, { stream: formerStream.name, durable: formerStream.durable });
  const isNarrow = info.config.subjects.every((subject) => formerStream.subjects.some((own) => own === subject));
  if (!isNarrow) await manager.streams.update(formerStream.name, { subjects: [...formerStream.subjects] });
  return true;
}

/** Deletes the former stream once everything in it has been settled. @returns whether it is gone */
export async function deleteFormerStream(connection: NatsConnection): Promise<boolean> {
  const manager = await managerOf(connection);
  if (!(await infoOf(manager, formerStream.name))) return true;
  const { num_pending, num_ack_pending } = await manager.consumers.info(formerStream.name, formerStream.durable);
  if (num_pending > 0 || num_ack_pending > 0) return false;
  // Another replica may have been faster.
  await manager.streams.delete(formerStream.name).catch((error: unknown) => {
    if (!isError(error, STREAM_NOT_FOUND)) throw error;
  });
  return true;
}

/** @returns undefined when there is no such stream */
async function infoOf(manager: JetStreamManager, stream: string): Promise<StreamInfo | undefined> {
  try {
    return await manager.streams.info(stream);
  } catch (error) {
    if (isError(error, STREAM_NOT_FOUND)) return undefined;
    throw error;
  }
}

function isError(error: unknown, code: number): boolean {
  return error instanceof JetStreamApiError && error.code === code;
}
