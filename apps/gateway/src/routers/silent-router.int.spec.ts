import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { routerChanged, verifyKey } from '@orgn/contracts';
import { ensureEventStream, startService, stopService, type Bus } from '@orgn/service-kit';
import {
  connectTestBus,
  eventually,
  playResponder,
  playRouter,
  startNats,
  testEnvironment,
  type PlayedAnswer,
  type PlayedRouter,
  type TestNats,
  type TestService,
} from '@orgn/testing';
import { makeKey, makeWord } from '../authentication/make.ts';
import { makeModel } from '../models/make.ts';
import { gateway } from '../service.ts';
import { RoutersService } from './routers.service.ts';

const model = makeModel();
const key = makeKey();

let nats: TestNats;
let bus: Bus;
let service: TestService;
let api: string;
let talking: PlayedRouter;
let silent: PlayedRouter;
/** What the router that falls silent does with what it gets. */
const answerNow = (response: PlayedAnswer): void => {
  response.writeHead(200).end('{}');
};
let answer = answerNow;

beforeAll(async () => {
  nats = await startNats();
  bus = await connectTestBus(nats);
  await ensureEventStream(bus.connection);
  playResponder(bus, verifyKey, () => makeWord());
  talking = await playRouter(bus, {
    name: 'router-1',
    models: [model],
    answer: ({ response }) => answerNow(response),
  });
  silent = await playRouter(bus, {
    name: 'router-2',
    models: [model],
    answer: ({ response }) => answer(response),
  });
  const environment = await testEnvironment({ instance: 'gateway-1', nats, servesHttp: true });
  service = await startService(gateway, environment);
  api = `http://127.0.0.1:${environment.HTTP_PORT}`;
});
afterAll(async () => {
  await stopService(service);
  await Promise.all([talking.end(), silent.end()]);
  await bus.connection.close();
  await nats.stop();
});

const ask = () =>
  fetch(`${api}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key.raw}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model: model.id, messages: [{ role: 'user', content: 'Hi' }] }),
  });

/** Has the gateway ask who is there, and waits until it knows. */
async function survey(): Promise<void> {
  bus.broadcast(routerChanged, { router: 'router-1', isLeaving: false });
  await bus.connection.flush();
  await delay(20);
  await service.app.get(RoutersService).refresh();
}

test('a router that falls silent gets what is under way and nothing more', async () => {
  await eventually(async () => {
    expect((await ask()).status).toBe(200);
    expect(Math.min(talking.posted, silent.posted)).toBeGreaterThan(0);
  });
  answer = () => undefined;
  silent.fallSilent();
  const before = silent.posted;
  const waiting: Promise<Response>[] = [];
  // At most one at a time is sent to it even before it is known: the other one has fewer under way.
  await eventually(() => {
    waiting.push(ask());
    expect(silent.posted).toBeGreaterThan(before);
  });
  for (let round = 0; round < 2; round += 1) await survey();
  const posted = silent.posted;
  for (let round = 0; round < 30; round += 1) expect((await ask()).status).toBe(200);
  expect(silent.posted).toBe(posted);
  // In vain for 5 seconds, and then told so.
  const statuses = await Promise.all(waiting.map(async (sent) => (await sent).status));
  expect(statuses.filter((status) => status === 503)).toHaveLength(posted - before);
  expect(statuses.filter((status) => status !== 200 && status !== 503)).toEqual([]);
});
