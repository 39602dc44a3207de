import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { usageRecordedByRouter, usageStream, type PayloadOf, type usageStored } from '@orgn/contracts';
import { connectTestBus, startNats, type TestNats } from '@orgn/testing';
import { Registry } from 'prom-client';
import type { Bus } from '../bus/bus.ts';
import { ServiceLog } from '../logging/service-log.ts';
import { ensureDurable, ensureEventStream } from './event-stream.ts';
import { StreamWatch } from './stream-watch.ts';

const registry = new Registry();
const told: PayloadOf<typeof usageStored>[] = [];
const at = { stream: usageStream.name, durable: usageStream.durable };
let nats: TestNats;
let bus: Bus;
let watch: StreamWatch;

beforeAll(async () => {
  nats = await startNats();
  bus = await connectTestBus(nats);
  await ensureEventStream(bus.connection, 1024 * 1024);
  await ensureDurable(bus.connection, { ...at, filter: usageStream.subjects[0] });
  watch = new StreamWatch(
    bus.connection,
    (holds) => void told.push(holds),
    registry,
    new ServiceLog('t', 't', 'fatal'),
  );
});
afterAll(async () => {
  await bus.connection.close();
  await nats.stop();
});

const publish = () => jetstream(bus.connection).publish(usageRecordedByRouter.subject, '[]');
const metric = async (name: string) => (await registry.getSingleMetric(`orgn_usage_${name}`)?.get())?.values[0]?.value;

test('shows how full the stream is and what waits in it, and tells publishers which messages it holds', async () => {
  await publish();
  const { seq } = await publish();
  await watch.look();
  expect(told.at(-1)).toMatchObject({ firstSequence: seq - 1, lastSequence: seq });
  expect(await metric('stream_messages')).toBe(2);
  expect(await metric('consumer_pending')).toBe(2);
  expect(await metric('stream_max_bytes')).toBe(1024 * 1024);
  expect(await metric('stream_bytes')).toBeGreaterThan(0);
  expect(await metric('stream_reachable')).toBe(1);
});

test('says so when there is no stream', async () => {
  await (await jetstreamManager(bus.connection)).streams.delete(at.stream);
  await watch.look();
  expect(await metric('stream_reachable')).toBe(0);
});
