import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { event, formerStream, usageStream } from '@orgn/contracts';
import { connectTestBus, eventually, startNats, type TestNats } from '@orgn/testing';
import { z } from 'zod';
import type { Bus } from '../bus/bus.ts';
import { ServiceLog } from '../logging/service-log.ts';
import { EventConsumer } from './event.consumer.ts';
import { EventPublisher } from './event.publisher.ts';
import { ensureDurable, ensureEventStream } from './event-stream.ts';
import { FormerStream } from './former-stream.ts';
import type { Settlement, Unsettleable } from './settlement.ts';

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
const contractOn = (subject: string) =>
  event(subject, {
    publishedBy: ['gateway'],
    consumedBy: ['usage-metering'],
    payload: z.object({ n: z.number() }),
    maxBatch: 4,
  });
const makeContract = () => contractOn(`events.usage.tests${(tests += 1)}`);
type Contract = ReturnType<typeof makeContract>;

class Poison extends Error {}

interface Consumed {
  seen: number[];
  aside: Unsettleable<Contract>[];
}

/** Consumes what a contract says. `commit` may throw, `Poison` for what can never be committed. */
function consume(contract: Contract, commit: (numbers: number[]) => unknown = () => undefined): Consumed {
  const consumed: Consumed = { seen: [], aside: [] };
  const durable = contract.subject.replaceAll('.', '_');
  const prepare = async () => {
    await ensureEventStream(bus.connection);
    await ensureDurable(bus.connection, { stream: usageStream.name, durable, filter: contract.subject });
  };
  const settlement = settlementInto(consumed, commit);
  const options = { stream: usageStream.name, durable, contracts: [contract], prepare, settlement, pauseMs: 1 };
  const consumer = new EventConsumer(bus.connection, options, log);
  consumer.start();
  closing.push(() => consumer.stop());
  return consumed;
}

function settlementInto(consumed: Consumed, commit: (numbers: number[]) => unknown): Settlement<Contract> {
  return {
    settle: async (words) => {
      const numbers = words.map((word) => word.event.n);
      await commit(numbers);
      consumed.seen.push(...numbers);
    },
    isPoison: (error) => error instanceof Poison,
    quarantine: async (word) => void consumed.aside.push(word),
  };
}

function publisherOf(contract: Contract) {
  const publisher = new EventPublisher(bus.connection, contract, log);
  closing.push(() => publisher.close());
  return publisher;
}

const sorted = (numbers: number[]) => [...numbers].sort((a, b) => a - b);
const numbersTo = (count: number) => Array.from({ length: count }, (_, n) => n);
const streamState = async () => (await (await jetstreamManager(bus.connection)).streams.info(usageStream.name)).state;

describe('events', () => {
  test('reach a consumer that starts after they were published, and leave the stream once they are settled', async () => {
    const contract = makeContract();
    const publisher = publisherOf(contract);
    await Promise.all(numbersTo(20).map((n) => publisher.publish(`e${n}`, { n })));
    expect((await streamState()).messages).toBeGreaterThan(0);
    const { seen } = consume(contract);
    await eventually(() => expect(sorted(seen)).toEqual(numbersTo(20)));
    await eventually(async () => expect((await streamState()).messages).toBe(0));
  });

  test('are tried again until their consumer has committed them, and are delivered once for that', async () => {
    const contract = makeContract();
    let attempts = 0;
    const { seen } = consume(contract, () => {
      attempts += 1;
      if (attempts < 3) throw new Error('database is down');
    });
    await publisherOf(contract).publish('e', { n: 7 });
    await eventually(() => expect(seen).toEqual([7]));
    const { consumers } = await jetstreamManager(bus.connection);
    const { delivered } = await consumers.info(usageStream.name, contract.subject.replaceAll('.', '_'));
    expect(delivered.consumer_seq).toBe(1);
  });

  test('are delivered a few messages at a time: what waits beyond those waits at the server', async () => {
    const contract = makeContract();
    const publisher = publisherOf(contract);
    const held = Promise.withResolvers<undefined>();
    const { seen } = consume(contract, () => held.promise);
    for (let n = 0; n < 300; n += 1) await publisher.publish(`w${n}`, { n });
    const { consumers } = await jetstreamManager(bus.connection);
    const durable = contract.subject.replaceAll('.', '_');
    const info = () => consumers.info(usageStream.name, durable);
    await eventually(async () => expect((await info()).num_ack_pending).toBeGreaterThan(0));
    await eventually(async () => expect((await info()).num_pending).toBeGreaterThan(200));
    expect((await info()).num_ack_pending).toBeLessThanOrEqual(64);
    held.resolve(undefined);
    await eventually(() => expect(sorted(seen)).toEqual(numbersTo(300)));
  });

  test('that do not match their contract are put aside and hold up no other', async () => {
    const contract = makeContract();
    const { seen, aside } = consume(contract);
    const client = jetstream(bus.connection);
    for (const text of ['not json', '[]', '[{"n":"x"},{"n":1}]', '{"n":2}', '[{"n":3}]'])
      await client.publish(contract.subject, text);
    await eventually(() => expect(seen).toEqual([1, 3]));
    await eventually(() => expect(aside.map(({ reason }) => reason)).toEqual(Array(4).fill('unreadable')));
    await eventually(async () => expect((await streamState()).messages).toBe(0));
  });

  test('that cannot be committed are put aside singly: everything that came with them is', async () => {
    const contract = makeContract();
    const publisher = publisherOf(contract);
    await Promise.all(numbersTo(100).map((n) => publisher.publish(`e${n}`, { n })));
    const { seen, aside } = consume(contract, (numbers) => {
      if (numbers.includes(42) || numbers.includes(43)) throw new Poison();
    });
    await eventually(() => expect(sorted(seen)).toEqual(numbersTo(100).filter((n) => n !== 42 && n !== 43)));
    await eventually(() => expect(aside.map((word) => word.event?.n)).toEqual([42, 43]));
    await eventually(async () => expect((await streamState()).messages).toBe(0));
  });

  test('one that always fails alone, for whatever reason, ends aside while the others pass', async () => {
    const contract = makeContract();
    const publisher = publisherOf(contract);
    await Promise.all(numbersTo(4).map((n) => publisher.publish(`e${n}`, { n })));
    const { seen, aside } = consume(contract, (numbers) => {
      if (numbers.includes(2)) throw new Error('took too long');
    });
    await eventually(() => expect(sorted(seen)).toEqual([0, 1, 3]));
    await eventually(() => expect(aside.map((word) => word.event?.n)).toEqual([2]), { timeoutMs: 40_000 });
  }, 60_000);

  test('are kept by their publisher until they are settled', async () => {
    const publisher = publisherOf(makeContract());
    await publisher.publish('a', { n: 1 });
    await publisher.publish('b', { n: 2 });
    expect(publisher.unsettled).toBe(2);
    publisher.settle(['a', 'unknown']);
    expect(publisher.unsettled).toBe(1);
  });

  test('are repeated after the server was away, and what it still has it stores no second time', async () => {
    const publisher = publisherOf(makeContract());
    await Promise.all([publisher.publish('b', { n: 2 }), publisher.publish('a', { n: 1 })]);
    const { last_seq: last } = await streamState();
    const ids: unknown[] = [];
    const heard = bus.connection.subscribe('events.usage.>', {
      callback: (_, message) => void ids.push(message.headers?.get('Nats-Msg-Id')),
    });
    await bus.connection.reconnect();
    await eventually(() => expect(ids).toHaveLength(1));
    heard.unsubscribe();
    expect((await streamState()).last_seq).toBe(last);
    expect(publisher.unsettled).toBe(2);
  });
});

describe('a stream that takes nothing', () => {
  test('because it is full keeps all that it has, and its publishers say so until there is room', async () => {
    const contract = makeContract();
    const publisher = publisherOf(contract);
    const manager = await jetstreamManager(bus.connection);
    await manager.streams.delete(usageStream.name);
    await ensureEventStream(bus.connection, 64 * 1024);
    let stored = 0;
    const fill = async () => {
      for (;;) {
        await publisher.publish(`e${stored}`, { n: stored });
        stored += 1;
      }
    };
    await expect(fill()).rejects.toMatchObject({ code: 'service_unavailable' });
    expect(publisher.isRefused).toBe(true);
    expect(stored).toBeGreaterThan(30);
    expect(await streamState()).toMatchObject({ messages: stored, bytes: 64 * 1024 });
    const { seen } = consume(contract);
    // The one that was refused comes last, of its publisher's own accord.
    await eventually(() => expect(sorted(seen)).toEqual(numbersTo(stored + 1)));
    expect(publisher.isRefused).toBe(false);
  });

  test('because the server has lost it is made by nobody but its consumer, and then gets what was lost with it', async () => {
    const contract = makeContract();
    const publisher = publisherOf(contract);
    await publisher.publish('lost', { n: 1 });
    await nats.crash();
    rmSync(join(nats.dir, 'nats'), { recursive: true });
    await nats.start();
    await eventually(() =>
      expect(publisher.publish('refused', { n: 2 })).rejects.toMatchObject({ code: 'service_unavailable' }),
    );
    const { seen } = consume(contract);
    await eventually(() => expect(sorted(seen)).toEqual([1, 2]));
  });
});

test('what the former stream still holds is settled, and the stream is gone then', async () => {
  const manager = await jetstreamManager(bus.connection);
  await manager.streams.delete(usageStream.name);
  await manager.streams.add({ name: formerStream.name, subjects: ['events.>'] });
  const contract = contractOn('events.usage.recorded');
  await manager.consumers.add(formerStream.name, {
    durable_name: formerStream.durable,
    filter_subject: contract.subject,
    ack_policy: 'explicit',
    ack_wait: 30e9,
    max_ack_pending: 4_096,
  });
  const client = jetstream(bus.connection);
  for (const n of numbersTo(200)) await client.publish(contract.subject, JSON.stringify([{ n }]));
  const settled = await (await client.consumers.get(formerStream.name, formerStream.durable)).next();
  await settled?.ackAck();

  const consumed: Consumed = { seen: [], aside: [] };
  const settlement = settlementInto(consumed, () => undefined);
  const former = new FormerStream(bus.connection, { contracts: [contract], settlement, pauseMs: 1 }, log);
  closing.push(() => former.stop());
  await former.retire();
  await ensureEventStream(bus.connection);
  // What is said from now on goes to the new stream, while the former one is being emptied.
  expect((await client.publish('events.usage.recorded.router', '[]')).stream).toBe(usageStream.name);
  await eventually(() => expect(sorted(consumed.seen)).toEqual(numbersTo(200).slice(1)));
  await eventually(async () => expect(await manager.streams.names().next()).toEqual([usageStream.name]), {
    timeoutMs: 10_000,
  });
});
