import { setTimeout as sleep } from 'node:timers/promises';
import { Controller, Module } from '@nestjs/common';
import { headers } from '@nats-io/transport-node';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { broadcast, request, ServiceError, survey } from '@orgn/contracts';
import { connectionOf, connectTestBus, eventually, startNats, testEnvironment, type TestNats } from '@orgn/testing';
import { Registry } from 'prom-client';
import { z } from 'zod';
import { baseConfig, configClass } from '../config/base-config.ts';
import { currentOperator, currentRequestId, withDeadline, withRequestId } from '../logging/request-context.ts';
import { startService } from '../service/run-service.ts';
import { stopService } from '../service/stop-service.ts';
import { Answers, AnswersBatch } from './answers.decorator.ts';
import type { Bus } from './bus.ts';
import { Inboxes, NobodyListens } from './inboxes.ts';

const parties = { askedBy: ['gateway'] as const, answeredBy: ['key-registry'] as const };
const shape = {
  ...parties,
  request: z.object({ value: z.number() }),
  errors: ['not_found'] as const,
  timeoutMs: 1_000,
};
const double = request('things.double', {
  ...shape,
  reply: z.object({ value: z.number(), requestId: z.string().optional() }),
});
const slow = request('things.slow', { ...shape, timeoutMs: 5_000, reply: z.object({ value: z.number() }) });
const halve = request('things.halve', { ...shape, reply: z.number(), maxBatch: 3 });
const nobody = request('things.ignore', { ...shape, timeoutMs: 30_000, reply: z.number() });
const who = survey('things.who', {
  ...parties,
  request: z.object({}),
  reply: z.object({ pid: z.number() }),
  windowMs: 200,
});
const print = request('things.print', { ...shape, reply: z.string() });
const name = request('things.name', {
  ...shape,
  askedBy: ['operator'],
  reply: z.string(),
});
const changed = broadcast('broadcast.things.changed', {
  saidBy: ['gateway'],
  heardBy: ['gateway'],
  payload: z.object({ value: z.number() }),
});

let doubled = 0;

@Controller()
class ThingsController {
  @Answers(double)
  double({ value }: { value: number }) {
    doubled += 1;
    if (value === 404) throw new ServiceError('not_found', 'No such thing.', { param: 'value' });
    if (value === 403) throw new ServiceError('key_revoked', 'Undeclared here.');
    if (value === 500) throw new Error('password hunter2');
    return { value: value * 2, requestId: currentRequestId() };
  }

  @Answers(slow)
  async slow({ value }: { value: number }) {
    await sleep(300);
    return { value };
  }

  @AnswersBatch(halve)
  halve(items: { value: number }[]) {
    return items.map(({ value }) => (value % 2 ? new ServiceError('not_found', 'Odd.') : value / 2));
  }

  @Answers(print)
  print({ value }: { value: number }) {
    return 'x'.repeat(value);
  }

  @Answers(name)
  name() {
    return currentOperator()?.name ?? 'nobody';
  }

  @Answers(who)
  who() {
    return { pid: process.pid };
  }
}

@Module({ controllers: [ThingsController] })
class ThingsModule {}
class ThingsConfig extends configClass(baseConfig) {}
const things = { name: 'key-registry' as const, module: ThingsModule, config: ThingsConfig };

let nats: TestNats;
let bus: Bus;
let running: Awaited<ReturnType<typeof startService>>[] = [];
const start = async (instance: string) => {
  const service = await startService(things, await testEnvironment({ instance, nats }));
  running.push(service);
  return service;
};

beforeAll(async () => {
  nats = await startNats([double, slow, halve, nobody, who, print, name, changed]);
  bus = await connectTestBus(nats);
});
afterEach(async () => {
  for (const service of running) await stopService(service);
  running = [];
});
afterAll(async () => {
  await bus.connection.close();
  await nats.stop();
});

describe('ask', () => {
  test('answers by contract, and carries the request id along', async () => {
    await start('key-registry-1');
    expect(await withRequestId('r-1', () => bus.ask(double, { value: 4 }))).toEqual({ value: 8, requestId: 'r-1' });
  });

  test('brings a declared refusal back with its code, message and field', async () => {
    await start('key-registry-1');
    await expect(bus.ask(double, { value: 404 })).rejects.toMatchObject({
      code: 'not_found',
      message: 'No such thing.',
      param: 'value',
    });
  });

  test('turns anything undeclared into internal, without its text', async () => {
    await start('key-registry-1');
    for (const value of [403, 500]) {
      const error = await bus.ask(double, { value }).catch((reason: unknown) => reason);
      expect(error).toMatchObject({ code: 'internal' });
      expect(JSON.stringify(error) + (error as Error).message).not.toContain('hunter2');
    }
  });

  test('refuses a request that does not fit, naming the field', async () => {
    await start('key-registry-1');
    await expect(bus.ask(double, { value: 'x' as unknown as number })).rejects.toMatchObject({
      code: 'invalid_request',
      param: 'value',
    });
  });

  test('says service_unavailable at once when nobody answers the subject', async () => {
    const startedAt = Date.now();
    await expect(bus.ask(nobody, { value: 1 })).rejects.toMatchObject({ code: 'service_unavailable' });
    expect(Date.now() - startedAt).toBeLessThan(nobody.timeoutMs / 2);
  });

  test('takes an answer that came while the process stood still, though its time is over', async () => {
    const question = { subject: nobody.subject, responder: 'key-registry', body: Buffer.from('{}') };
    const answer = new Inboxes(connectionOf(bus, 'gateway'), 'gateway').ask(question, 500);
    // The question leaves with this turn of the event loop; the server says that nobody listens during the next.
    setImmediate(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2_000));
    await expect(answer).rejects.toThrow(NobodyListens);
  });

  test('gives each item of a batch its own answer, over many messages', async () => {
    await start('key-registry-1');
    const answers = await Promise.allSettled(Array.from({ length: 10 }, (_, value) => bus.ask(halve, { value })));
    expect(
      answers.map((answer) => (answer.status === 'fulfilled' ? answer.value : (answer.reason as ServiceError).code)),
    ).toEqual(Array.from({ length: 10 }, (_, value) => (value % 2 ? 'not_found' : value / 2)));
  });

  test('a request that nobody waits for any more is refused and counted, and not acted on', async () => {
    const { app } = await start('key-registry-1');
    const before = doubled;
    const late = headers();
    late.set('x-timeout-ms', '-1');
    const question = {
      subject: double.subject,
      responder: 'key-registry',
      body: Buffer.from('{"value":1}'),
      headers: late,
    };
    const answer = await new Inboxes(connectionOf(bus, 'gateway'), 'gateway').ask(question, 1_000);
    expect(answer.json()).toMatchObject({ error: { code: 'service_unavailable' } });
    await bus.ask(double, { value: 1 });
    expect(doubled).toBe(before + 1);
    expect(await app.get(Registry).metrics()).toMatch(
      /orgn_bus_late_questions_total\{subject="things.double"[^}]*\} 1\n/,
    );
  });

  test('clocks that are ten minutes apart change nothing: what travels is the time that remains', async () => {
    await start('key-registry-1');
    const real = Date.now;
    let reads = 0;
    // Whoever reads the clock next reads another one: the asker and the responder never agree.
    Date.now = () => real() + ((reads += 1) % 2 ? 600_000 : -600_000);
    try {
      for (let turn = 0; turn < 4; turn += 1) expect(await bus.ask(double, { value: 4 })).toMatchObject({ value: 8 });
    } finally {
      Date.now = real;
    }
  });

  test('a question that a handler asks waits no longer than the one that it works on', async () => {
    await start('key-registry-1');
    const work = () => bus.ask(slow, { value: 1 });
    await expect(withDeadline(performance.now() + 50, work)).rejects.toMatchObject({ code: 'service_unavailable' });
    await expect(withDeadline(performance.now() - 1, work)).rejects.toMatchObject({ code: 'service_unavailable' });
    expect(await withDeadline(performance.now() + 5_000, work)).toEqual({ value: 1 });
  });

  test('is answered for no inbox but one that names the responder, and tells the handler which operator asks', async () => {
    await start('key-registry-1');
    const before = doubled;
    const stolen = connectionOf(bus, 'gateway');
    for (const reply of ['_INBOX.auth.usage-metering.n.1', 'broadcast.keys.changed', '$JS.API.STREAM.DELETE.USAGE'])
      stolen.publish(double.subject, '{"value":1}', { reply });
    stolen.publish(double.subject, '{"value":1}');
    await bus.ask(double, { value: 1 });
    expect(doubled).toBe(before + 1);
    expect(await bus.ask(name, { value: 1 })).toBe('ops');
  });
});

describe('what the bus cannot carry', () => {
  test('a reply that is too large is refused as internal, and the service goes on', async () => {
    await start('key-registry-1');
    await expect(bus.ask(print, { value: 2 * 1024 * 1024 })).rejects.toMatchObject({ code: 'internal' });
    expect(await bus.ask(print, { value: 2 })).toBe('xx');
  });
});

describe('listen', () => {
  test('a push that is no JSON, or of another form, is left out: the listener and the connection go on', async () => {
    const heard: number[] = [];
    const stopListening = bus.listen(changed, ({ value }) => void heard.push(value));
    for (const text of ['no JSON', '{"value":"x"}']) bus.connection.publish(changed.subject, text);
    bus.broadcast(changed, { value: 7 });
    await eventually(() => expect(heard).toEqual([7]));
    stopListening();
    await connectionOf(bus, 'gateway').flush();
  });
});

describe('survey', () => {
  test('hears every instance, and is an empty answer when there is none', async () => {
    expect(await bus.survey(who, {})).toEqual([]);
    await start('key-registry-1');
    await start('key-registry-2');
    expect(await bus.survey(who, {})).toHaveLength(2);
  });
});

describe('stop', () => {
  test('loses no request in flight, and takes no new one', async () => {
    const service = await start('key-registry-1');
    const asked = Array.from({ length: 20 }, (_, value) => bus.ask(slow, { value }));
    await sleep(50);
    running = [];
    const stopping = stopService(service);
    expect((await Promise.all(asked)).map(({ value }) => value)).toEqual(
      Array.from({ length: 20 }, (_, value) => value),
    );
    await stopping;
    await expect(bus.ask(slow, { value: 1 })).rejects.toMatchObject({ code: 'service_unavailable' });
  });
});
