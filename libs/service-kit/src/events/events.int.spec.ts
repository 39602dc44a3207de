import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { event, eventStream } from '@orgn/contracts';
import { connectTestBus, eventually, startNats, type TestNats } from '@orgn/testing';
import { z } from 'zod';
import type { Bus } from '../bus/bus.ts';
import { ServiceLog } from '../logging/service-log.ts';
import { EventConsumer } from './event.consumer.ts';
import { EventPublisher } from './event.publisher.ts';
import { ensureEventStream } from './event-stream.ts';

const log = new ServiceLog('test', 'test-1', 'fatal');
let nats: TestNats;
let bus: Bus;
const closing: (() => Promise<void> | void)[] = [];

beforeAll(async () => {
  nats = await startNats();
  bus = await connectTestBus(nats);
  await ensureEventStream(bus.connection);
});
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});
afterAll(async () => {
  await bus.connection.close();
  await nats.stop();
});

/** A contract of its own for each test, so that tests do not see each other's events. */
let tests = 0;
const makeContract = () =>
  event(`events.tests${(tests += 1)}.recorded`, {
    publishedBy: ['gateway'],
    consumedBy: ['usage-metering'],
    payload: z.object({ n: z.number() }),
    maxBatch: 4,
  });

function consume(contract: ReturnType<typeof makeContract>, settle: (events: { n: number }[]) => Promise<void>) {
  const durable = contract.subject.replaceAll('.', '_');
  const consumer = new EventConsumer(bus.connection, { contract, durable, settle, pauseMs: 1 }, log);
  consumer.start();
  closing.push(() => consumer.stop());
  return consumer;
}

function publisherOf(contract: ReturnType<typeof makeContract>) {
  const publisher = new EventPublisher(bus.connection, contract, log);
  closing.push(() => publisher.close());
  return publisher;
}

describe('events', () => {
  test('find their stream again when the server has lost it', async () => {
    await (await jetstreamManager(bus.connection)).streams.delete(eventStream.name);
    await publisherOf(makeContract()).publish('e', { n: 1 });
  });

  test('reach a consumer that starts after they were published', async () => {
    const contract = makeContract();
    const publisher = publisherOf(contract);
    await Promise.all(Array.from({ length: 20 }, (_, n) => publisher.publish(`e${n}`, { n })));
    const seen: number[] = [];
    consume(contract, async (events) => void seen.push(...events.map(({ n }) => n)));
    await eventually(() => expect(seen).toHaveLength(20));
    expect([...seen].sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, n) => n));
  });

  test('come back until their consumer has committed them', async () => {
    const contract = makeContract();
    let attempts = 0;
    const committed: number[] = [];
    consume(contract, async (events) => {
      attempts += 1;
      if (attempts < 3) throw new Error('database is down');
      committed.push(...events.map(({ n }) => n));
    });
    await publisherOf(contract).publish('e', { n: 7 });
    await eventually(() => expect(committed).toEqual([7]), { timeoutMs: 10_000 });
  });

  test('one that does not match its contract does not hold up the others', async () => {
    const contract = makeContract();
    const seen: number[] = [];
    consume(contract, async (events) => void seen.push(...events.map(({ n }) => n)));
    const client = jetstream(bus.connection);
    for (const text of ['not json', '[]', '[{"n":"x"},{"n":1}]', '{"n":2}', '[{"n":3}]'])
      await client.publish(contract.subject, text);
    await eventually(() => expect(seen).toEqual([1, 3]));
  });

  test('are kept by their publisher until they are settled', async () => {
    const publisher = publisherOf(makeContract());
    await publisher.publish('a', { n: 1 });
    await publisher.publish('b', { n: 2 });
    expect(publisher.unsettled).toBe(2);
    publisher.settle(['a', 'unknown']);
    expect(publisher.unsettled).toBe(1);
  });
});
