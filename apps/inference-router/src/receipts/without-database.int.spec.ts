import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startService } from '@orgn/service-kit';
import { eventually, startRouterBench, type RouterBench } from '@orgn/testing';
import { v7 as uuidv7 } from 'uuid';
import { inferenceRouter } from '../service.ts';

const models = readFileSync(new URL('../../../../models.yaml', import.meta.url), 'utf8');
const asked: Socket[] = [];
let database: Server;
let bench: RouterBench;
beforeAll(async () => {
  // It takes connections, and says nothing on any of them.
  database = createServer((socket) => void asked.push(socket.on('error', () => undefined)));
  await once(database.listen(0, '127.0.0.1'), 'listening');
  const more = {
    DATABASE_URL: `postgresql://inference_router@127.0.0.1:${(database.address() as AddressInfo).port}/orgn`,
    RECEIPT_KEYS: `s1:${Buffer.alloc(32, 7).toString('base64url')}`,
  };
  const start = (environment: Record<string, string>) => startService(inferenceRouter, environment);
  bench = await startRouterBench({ start, models, isAttested: true, more }, uuidv7);
});
afterAll(async () => {
  database.close();
  for (const socket of asked) socket.destroy();
  await bench.stop();
});

test.each(['near_qwen3_30b', 'vercel_gpt_4o'])('no answer of %s waits for the database', async (model) => {
  await eventually(() => expect(asked.length).toBeGreaterThan(0));
  const messages = [{ role: 'user', content: 'Hi' }];
  for (const stream of [false, true, false, true]) {
    const answer = await bench.ask('/chat/completions', { model, stream, messages });
    expect([answer.status, answer.headers.get('x-ollm-attestation')]).toEqual([
      200,
      model.startsWith('near') ? 'verified' : null,
    ]);
    expect((await answer.text()).length).toBeGreaterThan(0);
  }
});
