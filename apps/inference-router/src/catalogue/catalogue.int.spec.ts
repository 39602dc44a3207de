import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { listModels, routerChanged } from '@orgn/contracts';
import { startService, stopService, type Bus } from '@orgn/service-kit';
import {
  connectTestBus,
  eventually,
  playAdmissionTime,
  startNats,
  testEnvironment,
  type TestNats,
} from '@orgn/testing';
import { inferenceRouter } from '../service.ts';

const modelsFile = join(mkdtempSync(join(tmpdir(), 'orgn-catalogue-')), 'models.yaml');
const entry = (id: string, more = '') =>
  `- { id: ${id}, provider: near, upstream: x, execution: tee, type: chat, context: 100, maxOutput: 50, defaultOutput: 10, price: { input: "1", output: "1" }${more} }\n`;

let nats: TestNats;
let bus: Bus;
let router: Awaited<ReturnType<typeof startService>>;
let announcements = 0;

beforeAll(async () => {
  writeFileSync(modelsFile, entry('near_first'));
  nats = await startNats();
  bus = await connectTestBus(nats);
  playAdmissionTime(bus);
  bus.listen(routerChanged, () => void (announcements += 1));
  const more = {
    MODELS_FILE: modelsFile,
    ADVERTISED_URL: 'tcp://127.0.0.1:1',
    NEAR_BASE_URL: 'http://127.0.0.1:1/v1',
  };
  const environment = await testEnvironment({ instance: 'inference-router-1', nats, servesHttp: true, more });
  router = await startService(inferenceRouter, environment);
});
afterAll(async () => {
  await stopService(router);
  await bus.connection.close();
  await nats.stop();
  rmSync(dirname(modelsFile), { recursive: true });
});

const ids = async () => (await bus.ask(listModels, {})).models.map(({ id }) => id);

describe('an edit of the models file', () => {
  test('takes effect without a restart, and gateways hear of it', async () => {
    const before = await bus.ask(listModels, {});
    const heard = announcements;
    writeFileSync(modelsFile, entry('near_first') + entry('near_second'));
    await eventually(async () => expect(await ids()).toEqual(['near_first', 'near_second']));
    expect((await bus.ask(listModels, {})).version).not.toBe(before.version);
    await eventually(() => expect(announcements).toBeGreaterThan(heard));
  });

  test('that is not valid changes nothing, and a later good one still counts', async () => {
    const before = await bus.ask(listModels, {});
    writeFileSync(modelsFile, entry('near_first') + entry('near_third', ', colour: red'));
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect(await bus.ask(listModels, {})).toEqual(before);
    writeFileSync(`${modelsFile}.new`, entry('near_third'));
    renameSync(`${modelsFile}.new`, modelsFile);
    await eventually(async () => expect(await ids()).toEqual(['near_third']));
  });

  test('that takes the file away changes nothing until it is back', async () => {
    renameSync(modelsFile, `${modelsFile}.away`);
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect(await ids()).toEqual(['near_third']);
    writeFileSync(modelsFile, entry('near_fourth'));
    await eventually(async () => expect(await ids()).toEqual(['near_fourth']));
  });
});

describe('what a router announces', () => {
  const start = async (name: string, more: Record<string, string>) => {
    const instance = `inference-router-${name}`;
    const environment = await testEnvironment({
      instance,
      nats,
      servesHttp: true,
      more: { MODELS_FILE: modelsFile, ADVERTISED_URL: 'tcp://127.0.0.1:1', ...more },
    });
    const started = await startService(inferenceRouter, environment);
    const { version, models } = await bus.askInstance(listModels, instance, {});
    await stopService(started);
    return { version, ids: models.map(({ id }) => id) };
  };

  test('is what it serves: another version with other providers or keys, the same for other values', async () => {
    writeFileSync(modelsFile, entry('near_first'));
    const [none, bare, keyed, otherwise] = [
      await start('none', {}),
      await start('bare', { NEAR_BASE_URL: 'http://127.0.0.1:1/v1' }),
      await start('keyed', { NEAR_BASE_URL: 'http://127.0.0.1:1/v1', NEAR_API_KEY: 'one' }),
      await start('otherwise', { NEAR_BASE_URL: 'http://127.0.0.1:2/v1', NEAR_API_KEY: 'two' }),
    ];
    expect([none.ids, bare.ids, keyed.ids]).toEqual([[], ['near_first'], ['near_first']]);
    expect(new Set([none.version, bare.version, keyed.version]).size).toBe(3);
    expect(otherwise.version).toBe(keyed.version);
  });
});
