import { setTimeout as sleep } from 'node:timers/promises';
import { Controller, Inject, Module } from '@nestjs/common';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { request } from '@orgn/contracts';
import { connectAs, eventually, startNats, testEnvironment, type TestNats } from '@orgn/testing';
import { z } from 'zod';
import { baseConfig, BaseConfigToken, configClass, type BaseConfig } from '../config/base-config.ts';
import { Health } from '../health/health.ts';
import { startService } from '../service/run-service.ts';
import { stopService } from '../service/stop-service.ts';
import { Answers } from './answers.decorator.ts';
import { Inboxes, NobodyListens } from './inboxes.ts';
import { decode, encode } from './wire.ts';

const name = request('things.name', {
  askedBy: ['gateway'],
  answeredBy: ['key-registry'],
  request: z.object({}),
  reply: z.string(),
  errors: [],
  timeoutMs: 2_000,
  isHedged: true,
});
const [first, second] = ['key-registry-1', 'key-registry-2'];

/** What the database does for each instance: nothing said, it answers. */
const databases = new Map<string, 'fails' | 'hangs'>();

@Controller()
class ThingsController {
  constructor(@Inject(BaseConfigToken) private readonly config: BaseConfig) {}

  @Answers(name)
  name() {
    return this.config.INSTANCE;
  }
}

@Module({ controllers: [ThingsController] })
class ThingsModule {
  constructor(health: Health, @Inject(BaseConfigToken) { INSTANCE }: BaseConfig) {
    health.add('postgres', async () => {
      const does = databases.get(INSTANCE);
      if (does === 'fails') throw new Error('no database');
      if (does === 'hangs') await sleep(3_000);
    });
  }
}
class ThingsConfig extends configClass(baseConfig) {}
const things = { name: 'key-registry' as const, module: ThingsModule, config: ThingsConfig };

let nats: TestNats;
let inboxes: Inboxes;
let ending: (() => Promise<void>)[] = [];

beforeAll(async () => void (nats = await startNats([name])));
beforeEach(async () => {
  const connection = await connectAs(nats, 'gateway');
  inboxes = new Inboxes(connection, 'gateway');
  ending.push(() => connection.close());
});
afterEach(async () => {
  databases.clear();
  for (const end of ending.reverse()) await end();
  ending = [];
});
afterAll(() => nats.stop());

/** Starts instances and lets each hear of the others. */
async function start(...instances: string[]): Promise<(() => Promise<void>)[]> {
  const stops = [];
  for (const instance of instances) {
    const service = await startService(things, await testEnvironment({ instance, nats }));
    let stopped: Promise<void> | undefined;
    const stop = () => (stopped ??= stopService(service));
    stops.push(stop);
    ending.push(stop);
  }
  await sleep(2_300);
  return stops;
}

/** Asks the group, or one instance. @returns who answered */
async function ask(instance?: string): Promise<unknown> {
  const subject = instance ? `${name.subject}.${instance}` : name.subject;
  const question = { subject, responder: 'key-registry' as const, body: encode({}) };
  return (decode((await inboxes.ask(question, 1_000)).data) as { ok: unknown }).ok;
}

/** Who answers the group now, of forty questions. */
async function members(): Promise<unknown[]> {
  return [...new Set(await Promise.all(Array.from({ length: 40 }, () => ask())))].sort();
}

/** Asks the group all the time until stopped. @returns how many questions were not answered, and how many were */
function askOn(): () => Promise<{ failed: number; answered: number }> {
  const over = new AbortController();
  ending.push(() => {
    over.abort();
    return Promise.resolve();
  });
  const counts = { failed: 0, answered: 0 };
  const asking = (async () => {
    while (!over.signal.aborted) {
      await ask().then(
        () => (counts.answered += 1),
        () => (counts.failed += 1),
      );
      await sleep(2);
    }
  })();
  return async () => {
    over.abort();
    await asking;
    return counts;
  };
}

/** Blocks the whole process, as work that does not yield would. */
function standStill(ms: number): void {
  const until = performance.now() + ms;
  while (performance.now() < until);
}

describe('a replica that is unwell', () => {
  test.each(['fails', 'hangs'] as const)(
    'leaves its group within 2 s when its database %s, loses no question, and is back when it is well',
    async (does) => {
      await start(first, second);
      expect(await members()).toEqual([first, second]);
      const asked = askOn();
      const from = performance.now();
      databases.set(first, does);
      await eventually(async () => expect(await members()).toEqual([second]));
      const leftMs = performance.now() - from;
      process.stdout.write(`a database that ${does}: left after ${leftMs.toFixed(0)} ms\n`);
      expect(leftMs).toBeLessThan(2_000);
      await sleep(2_500);
      expect(await members()).toEqual([second]);
      expect(await ask(first)).toBe(first);
      databases.clear();
      await eventually(async () => expect(await members()).toEqual([first, second]));
      const { failed, answered } = await asked();
      expect(answered).toBeGreaterThan(100);
      expect(failed).toBe(0);
    },
    30_000,
  );

  test('stays when it is the only one', async () => {
    await start(first);
    databases.set(first, 'fails');
    await sleep(3_000);
    expect(await members()).toEqual([first]);
  }, 20_000);

  test('is back at once when the one that stayed leaves', async () => {
    const [, stopSecond] = await start(first, second);
    databases.set(first, 'hangs');
    await eventually(async () => expect(await members()).toEqual([second]));
    await stopSecond!();
    expect(await members()).toEqual([first]);
  }, 20_000);
});

describe('replicas that are all unwell', () => {
  test('do not all leave: one stays, and no question is lost', async () => {
    const third = 'key-registry-3';
    await start(first, second, third);
    const asked = askOn();
    for (const instance of [first, second, third]) databases.set(instance, 'fails');
    await eventually(async () => expect(await members()).toHaveLength(1));
    await sleep(3_000);
    expect(await members()).toHaveLength(1);
    databases.clear();
    await eventually(async () => expect(await members()).toEqual([first, second, third]));
    expect((await asked()).failed).toBe(0);
  }, 30_000);
});

describe('a loop that stands still', () => {
  test('once is a hiccup; twice within 10 s its replicas leave, all but one', async () => {
    // Both replicas are in this process, so both stand still.
    await start(first, second);
    standStill(700);
    await sleep(1_500);
    expect(await members()).toEqual([first, second]);
    standStill(700);
    await eventually(async () => expect(await members()).toHaveLength(1));
  }, 20_000);
});

test('a group that nobody answers says so at once', async () => {
  await expect(ask()).rejects.toThrow(NobodyListens);
});
