import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { findRouters, requestId, teamId, TICKET_HEADER, type RequestId } from '@orgn/contracts';
import { startService, stopService } from '@orgn/service-kit';
import {
  eventually,
  makeTicket,
  startRouterBench,
  TestChannel,
  testEnvironment,
  type RouterBench,
} from '@orgn/testing';
import { v7 as uuidv7 } from 'uuid';
import { startArchive, type TestArchive } from '../archive/testing/test-archive.ts';
import { inferenceRouter } from '../service.ts';

const models = readFileSync(new URL('../../../../models.yaml', import.meta.url), 'utf8');
const hello = { model: 'near_qwen3_30b', max_tokens: 40, messages: [{ role: 'user', content: 'Hi' }] };
let archive: TestArchive;
let bench: RouterBench;
let environment: Record<string, string>;

beforeAll(async () => {
  archive = await startArchive();
  const more = {
    RECEIPT_KEYS: `s1:${Buffer.alloc(32, 7).toString('base64url')}`,
    DATABASE_URL: archive.config().DATABASE_URL ?? '',
  };
  const start = (given: Record<string, string>) => startService(inferenceRouter, (environment = given));
  bench = await startRouterBench({ start, models, isAttested: true, more }, uuidv7);
});
afterAll(async () => {
  await bench.stop();
  await archive.stop();
});

/** Another router, which the tests may stop. */
async function startAnother() {
  const own = await testEnvironment({ instance: 'inference-router-2', nats: bench.nats, servesHttp: true });
  const url = `tcp://127.0.0.1:${own.HTTP_PORT ?? ''}`;
  const service = await startService(inferenceRouter, { ...environment, ...own, ADVERTISED_URL: url });
  return { service, channel: await TestChannel.open(url) };
}

function ask(channel: TestChannel, body: object, id: RequestId = requestId.parse(uuidv7())): Promise<Response> {
  const headers = { 'x-request-id': id, [TICKET_HEADER]: makeTicket({ requestId: id }) };
  return channel.fetch('/v1/chat/completions', { headers, body });
}

const found = async () => (await bench.bus.survey(findRouters, { gateway: 'test' })).map(({ router }) => router);

test('a router that leaves is not found any more, answers until what it had begun has ended, and keeps its receipts', async () => {
  const { service, channel } = await startAnother();
  await eventually(async () => expect((await ask(channel, hello)).status).toBe(200));
  expect(await found()).toContain('inference-router-2');
  await bench.providers.control('near', { chunkDelayMs: 100 });
  const id = requestId.parse(uuidv7());
  const stream = await ask(channel, { ...hello, stream: true }, id);
  const stopped = stopService(service);
  await eventually(async () => expect(await found()).not.toContain('inference-router-2'));
  expect((await ask(channel, hello)).status).toBe(200);
  expect(await stream.text()).toMatch(/\[DONE\]/);
  await stopped;
  await expect(ask(channel, hello)).rejects.toThrow();
  expect(await archive.fresh().repository.find(teamId.parse('team_test'), id)).toBeDefined();
  channel.close();
}, 60_000);
