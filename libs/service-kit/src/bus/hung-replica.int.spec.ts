import { setTimeout as sleep } from 'node:timers/promises';
import { Controller, Module } from '@nestjs/common';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { registryAnnounced, request } from '@orgn/contracts';
import { connectAs, startNats, testEnvironment, type TestNats } from '@orgn/testing';
import { z } from 'zod';
import { baseConfig, configClass } from '../config/base-config.ts';
import { startService } from '../service/run-service.ts';
import { stopService } from '../service/stop-service.ts';
import { AnswersBatch } from './answers.decorator.ts';
import { Bus } from './bus.ts';
import { encode } from './wire.ts';

const check = request('things.check', {
  askedBy: ['gateway'],
  answeredBy: ['key-registry'],
  request: z.object({ value: z.number() }),
  reply: z.number(),
  errors: [],
  timeoutMs: 2_000,
  maxBatch: 512,
  isHedged: true,
});

let slowMs = 0;
let asked = 0;

@Controller()
class ThingsController {
  @AnswersBatch(check)
  async check(items: { value: number }[]) {
    asked += 1;
    if (slowMs > 0) await sleep(slowMs);
    return items.map(({ value }) => value);
  }
}

@Module({ controllers: [ThingsController] })
class ThingsModule {}
class ThingsConfig extends configClass(baseConfig) {}
const things = { name: 'key-registry' as const, module: ThingsModule, config: ThingsConfig };

let nats: TestNats;
let ending: (() => Promise<void>)[] = [];

beforeAll(async () => void (nats = await startNats([check])));
afterEach(async () => {
  for (const end of ending.reverse()) await end();
  ending = [];
  slowMs = 0;
});
afterAll(() => nats.stop());

async function start(instance: string): Promise<void> {
  const service = await startService(things, await testEnvironment({ instance, nats }));
  ending.push(() => stopService(service));
}

/** A replica that is connected, announces itself and never answers: what a stopped process looks like from outside. */
async function startSilent(instance: string): Promise<void> {
  const connection = await connectAs(nats, 'key-registry');
  connection.subscribe(check.subject, { queue: 'key-registry', callback: () => undefined });
  connection.subscribe(`${check.subject}.${instance}`, { callback: () => undefined });
  const bus = new Bus(connection, 'key-registry');
  const timer = setInterval(() => bus.broadcast(registryAnnounced, { instance, isLeaving: false }), 500);
  await connection.flush();
  ending.push(async () => {
    clearInterval(timer);
    await connection.close();
  });
}

/** A gateway's bus that has heard who answers. */
async function connectGateway(): Promise<Bus> {
  const connection = await connectAs(nats, 'gateway');
  ending.push(() => connection.close());
  const bus = new Bus(connection, 'gateway');
  await bus.ask(check, { value: 0 }).catch(() => undefined);
  await sleep(2_500);
  return bus;
}

/** So many callers, one question after the other each. @returns what failed, and how long answers took in ms, sorted */
async function callers(bus: Bus, count: number, ms: number): Promise<{ failed: number; took: number[] }> {
  const until = performance.now() + ms;
  const took: number[] = [];
  let failed = 0;
  const call = async () => {
    while (performance.now() < until) {
      const from = performance.now();
      await bus.ask(check, { value: 1 }).then(
        () => took.push(performance.now() - from),
        () => (failed += 1),
      );
    }
  };
  await Promise.all(Array.from({ length: count }, call));
  return { failed, took: took.sort((a, b) => a - b) };
}

describe('a replica that is connected and silent', () => {
  test('makes no request fail, and slows down those few that find it out', async () => {
    await start('key-registry-1');
    await startSilent('key-registry-2');
    const { failed, took } = await callers(await connectGateway(), 8, 6_000);
    const at = (share: number) => took[Math.floor(took.length * share)] ?? Infinity;
    process.stdout.write(
      `8 callers, one of two replicas silent: ${took.length} answers, ${failed} failures, p50 ${at(0.5).toFixed(2)} ms, p99 ${at(0.99).toFixed(2)} ms, max ${at(0.999999).toFixed(0)} ms\n`,
    );
    expect(failed).toBe(0);
    expect(at(0.5)).toBeLessThan(20);
    expect(at(0.999999)).toBeLessThan(1_500);
  }, 60_000);

  test('is forgotten when it stops announcing itself, and the group is asked when nobody is known', async () => {
    await start('key-registry-1');
    const bus = await connectGateway();
    expect(await bus.ask(check, { value: 3 })).toBe(3);
    const lonely = new Bus(await connectAs(nats, 'gateway'), 'gateway');
    ending.push(() => lonely.connection.close());
    expect(await lonely.ask(check, { value: 4 })).toBe(4);
  });
});

describe('when all replicas are slow', () => {
  test('nothing is asked a second time: it is what they all wait for', async () => {
    await start('key-registry-1');
    await start('key-registry-2');
    const bus = await connectGateway();
    slowMs = 300;
    for (let turn = 0; turn < 4; turn += 1) await bus.ask(check, { value: 1 });
    asked = 0;
    for (let turn = 0; turn < 6; turn += 1) expect(await bus.ask(check, { value: turn })).toBe(turn);
    expect(asked).toBe(6);
  });
});

describe('a replica that stops', () => {
  test('says so first: no question is lost', async () => {
    await start('key-registry-1');
    await start('key-registry-2');
    const bus = await connectGateway();
    const calls = callers(bus, 4, 2_000);
    await sleep(500);
    await ending.splice(1, 1)[0]!();
    expect((await calls).failed).toBe(0);
  });
});

describe('a group', () => {
  test('may be empty for a moment: whoever asks then is answered by who comes', async () => {
    const registry = await connectAs(nats, 'key-registry');
    const gateway = await connectAs(nats, 'gateway');
    ending.push(async () => {
      await Promise.all([registry.close(), gateway.close()]);
    });
    const answer = new Bus(gateway, 'gateway').ask(check, { value: 7 });
    await sleep(100);
    registry.subscribe(check.subject, {
      queue: 'key-registry',
      callback: (_, message) => void message.respond(encode([{ ok: 7 }])),
    });
    expect(await answer).toBe(7);
  });

  test('that stays empty is no wait for whoever asks', async () => {
    const gateway = await connectAs(nats, 'gateway');
    ending.push(() => gateway.close());
    const from = performance.now();
    await expect(new Bus(gateway, 'gateway').ask(check, { value: 7 })).rejects.toMatchObject({
      code: 'service_unavailable',
    });
    expect(performance.now() - from).toBeLessThan(check.timeoutMs * 0.75);
  });
});
