import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, readdirSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { requestFor } from './channel/stream-reader.ts';
import { print } from './figures.ts';
import { gauge } from './gauges.ts';
import { eventually, Stack } from './stack.ts';

const isLong = process.env.TEST_LONG === '1';
const KEYS = isLong ? 50 : 1;
const STREAMS_PER_KEY = isLong ? 200 : 100;
/** Streams that are begun at once. */
const WAVE = 100;

const stack = new Stack();
let provider: ChildProcess;
const open: Socket[] = [];

beforeAll(async () => {
  provider = spawn(process.execPath, [join(import.meta.dirname, 'channel/idle-provider.mjs')]);
  const [port] = (await once(provider.stdout!, 'data')) as [Buffer];
  Object.assign(stack.env, {
    LOCAL_BASE_URL: `http://127.0.0.1:${String(port).trim()}/v1`,
    MODELS_FILE: join(import.meta.dirname, '../../tools/bench/models.yaml'),
    MAX_CONNECTIONS: '15000',
    MAX_CONNECTIONS_PER_NETWORK: '15000',
    READ_STALL_MS: '600000',
    TOTAL_TIMEOUT_MS: '600000',
  });
  await stack.start('--no-restart');
}, 300_000);
afterAll(async () => {
  for (const socket of open) socket.destroy();
  await stack.remove();
  provider.kill('SIGKILL');
});

async function newKey(at: number): Promise<string> {
  const flags = ['--team', stack.file.demo.teamId, '--name', `key ${at}`, '--json'];
  const ended = await stack.operator('keys', 'create', ...flags);
  return (JSON.parse(ended.stdout) as { key: string }).key;
}

/** Asks for a stream and waits for its first word. */
async function begin(key: string, at: number): Promise<void> {
  const { hostname, port } = new URL(stack.file.api);
  const socket = connect(Number(port), hostname);
  open.push(socket);
  const body = JSON.stringify(requestFor(`idle-${at}`));
  socket.write(
    `POST /v1/chat/completions HTTP/1.1\r\nhost: ${hostname}\r\nauthorization: Bearer ${key}\r\n` +
      `content-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
  );
  let text = '';
  while (!text.includes('Once')) {
    const [chunk] = (await once(socket, 'data')) as [Buffer];
    text += String(chunk);
    if (!/^HTTP\/1.1 200/.test(text)) throw new Error(text);
  }
}

const pidOf = (prefix: string) => stack.file.processes.find(({ name }) => name.startsWith(prefix))!.pid;
const residentKb = (pid: number) => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]);
const descriptors = (pid: number) => readdirSync(`/proc/${pid}/fd`).length;

const running = () => gauge(stack, 'orgn_edge_running_requests');

test('one gateway holds many open streams, and nothing of them once they are gone', async () => {
  // What all of them could cost is held while they are open.
  await stack.credit(stack.file.demo.teamId, '500.00');
  const keys = [stack.file.demo.key];
  while (keys.length < KEYS) keys.push(await newKey(keys.length));
  const pids = { gateway: pidOf('gateway'), router: pidOf('inference-router') };
  // What the first streams make the engine load is not theirs.
  for (let at = 0; at < 50; at += 1) await begin(keys[0]!, at);
  const before = { gateway: residentKb(pids.gateway), router: residentKb(pids.router) };
  const wanted = KEYS * STREAMS_PER_KEY;
  while (open.length < wanted) {
    const wave = Array.from({ length: Math.min(WAVE, wanted - open.length) }, (_, at) => open.length + at);
    await Promise.all(wave.map((at) => begin(keys[at % KEYS]!, at)));
  }
  await sleep(isLong ? 20_000 : 500);
  await eventually(async () => expect(await running()).toBe(wanted));
  const kb = (name: 'gateway' | 'router') => ((residentKb(pids[name]) - before[name]) / (wanted - 50)).toFixed(1);
  print(
    `${wanted} open streams over ${KEYS} keys and one gateway: ${kb('gateway')} KB a stream in the gateway, ${kb('router')} KB in ` +
      `the router; descriptors ${descriptors(pids.gateway)} and ${descriptors(pids.router)}`,
  );
  for (const socket of open) socket.destroy();
  await eventually(async () => expect(await running()).toBe(0), 60_000);
}, 600_000);
