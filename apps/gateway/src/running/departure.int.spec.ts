import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { verifyKey } from '@orgn/contracts';
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
} from '@orgn/testing';
import { makeKey, makeWord } from '../authentication/make.ts';
import { makeModel } from '../models/make.ts';
import { gateway } from '../service.ts';

const model = makeModel({ execution: 'zdr' });
const key = makeKey();
const headers = { authorization: `Bearer ${key.raw}`, 'content-type': 'application/json' };

let nats: TestNats;
let bus: Bus;
let router: PlayedRouter;
/** Streams that have begun and not ended; anything else is answered at once. */
let streams: PlayedAnswer[];
const ending: (() => Promise<unknown>)[] = [];

const ask = (api: string, stream: boolean) => {
  const body = JSON.stringify({ model: model.id, messages: [{ role: 'user', content: 'Hi' }], stream });
  return fetch(`${api}/v1/chat/completions`, { method: 'POST', headers, body });
};
/** What a stream is refused with; undefined where it has begun. */
const refusalOf = async (response: Response) => {
  if (response.status === 200) {
    await response.body?.cancel();
    return undefined;
  }
  const { error } = (await response.json()) as { error: { code: string } };
  return { status: response.status, retryAfter: response.headers.get('retry-after'), code: error.code };
};
const isRefused = async (api: string) => {
  const socket = connect(Number(new URL(api).port), '127.0.0.1');
  const [outcome] = (await Promise.race([once(socket, 'connect').then(() => ['taken']), once(socket, 'error')])) as [
    string | NodeJS.ErrnoException,
  ];
  socket.on('error', () => undefined).destroy();
  return outcome !== 'taken';
};

async function start(instance: string): Promise<{ api: string; stop: () => Promise<void> }> {
  const environment = await testEnvironment({ instance, nats, servesHttp: true });
  const service = await startService(gateway, environment);
  const api = `http://127.0.0.1:${environment.HTTP_PORT}`;
  await eventually(async () => {
    const models = await fetch(`${api}/v1/models`, { headers });
    expect(await models.json()).toMatchObject({ data: [{ id: model.id }] });
  });
  let stopped: Promise<void> | undefined;
  const stop = () => (stopped ??= stopService(service));
  ending.push(stop);
  return { api, stop };
}

beforeEach(async () => {
  streams = [];
  nats = await startNats();
  bus = await connectTestBus(nats);
  await ensureEventStream(bus.connection);
  playResponder(bus, verifyKey, () => Promise.resolve(makeWord()));
  router = await playRouter(bus, {
    models: [model],
    answer: ({ body, response }) => {
      if (!body.toString().includes('"stream":true')) {
        response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
        return;
      }
      streams.push(response);
      response.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: {"id":"1"}\n\n');
    },
  });
});
afterEach(async () => {
  for (const stream of streams) stream.end('data: [DONE]\n\n');
  await Promise.all(ending.splice(0).map((end) => end()));
  await router.end();
  await bus.connection.close();
  await nats.stop();
});

describe('a gateway that stops while it streams', () => {
  test('goes on answering where it is the only one, but begins no stream, and closes behind the last of those before', async () => {
    const { api, stop } = await start('gateway-1');
    const stream = await ask(api, true);
    const stopped = stop();
    await eventually(async () => {
      const refused = await refusalOf(await ask(api, true));
      expect(refused).toEqual({ status: 503, retryAfter: '1', code: 'service_unavailable' });
    });
    expect((await ask(api, false)).status).toBe(200);
    for (const one of streams) one.end('data: [DONE]\n\n');
    expect(await stream.text()).toMatch(/\[DONE\]/);
    await stopped;
    expect(await isRefused(api)).toBe(true);
  });

  test('takes no connection any more where another one is there', async () => {
    const [{ api, stop }, other] = [await start('gateway-1'), await start('gateway-2')];
    const stream = await ask(api, true);
    const stopped = stop();
    await eventually(async () => expect(await isRefused(api)).toBe(true));
    expect((await ask(other.api, true)).status).toBe(200);
    streams[0]!.end('data: [DONE]\n\n');
    expect(await stream.text()).toMatch(/\[DONE\]/);
    await stopped;
  });

  test('is no other one for a gateway that stops beside it', async () => {
    const gateways = [await start('gateway-1'), await start('gateway-2')];
    const open = await Promise.all(gateways.map(({ api }) => ask(api, true)));
    const stopped = gateways.map(({ stop }) => stop());
    await delay(400);
    for (const { api } of gateways) expect((await ask(api, false)).status).toBe(200);
    for (const one of streams) one.end('data: [DONE]\n\n');
    await Promise.all([...open.map((one) => one.text()), ...stopped]);
  });

  test('that has nothing under way ends at once', async () => {
    const { api, stop } = await start('gateway-1');
    await stop();
    expect(await isRefused(api)).toBe(true);
  });
});

test('a router that leaves, where it is the only one, still gets what is no stream', async () => {
  const { api } = await start('gateway-1');
  router.leave();
  await eventually(async () => {
    const refused = await refusalOf(await ask(api, true));
    expect(refused).toEqual({ status: 503, retryAfter: '1', code: 'service_unavailable' });
  });
  for (let turn = 0; turn < 8; turn += 1) expect((await ask(api, false)).status).toBe(200);
});
