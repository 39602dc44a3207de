import { statSync } from 'node:fs';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { eventually, isAlive, npm, Stack } from './stack.ts';

const services = [
  'auth',
  'gateway',
  'id-orgn',
  'inference-router',
  'key-registry',
  'nats',
  'postgres',
  'providers',
  'stripe',
  'usage-metering',
];
const hello = { model: 'near_qwen3_30b', messages: [{ role: 'user', content: 'Hello' }] };
const stack = new Stack();

beforeAll(() => stack.start());
afterAll(() => stack.remove());

describe('npm start', () => {
  test('describes the stack in stack.json, for its owner only', () => {
    const { file } = stack;
    expect(statSync(join(stack.dir, 'stack.json')).mode & 0o777).toBe(0o600);
    expect(file.api).toBe(file.gateways[0]);
    for (const url of [file.api, file.console, file.issuer, file.ops, file.simulators.providers])
      expect(url).toMatch(/^http:\/\/[^/]+$/);
    expect([...new Set(file.processes.map(({ service }) => service))].sort()).toEqual(services);
    expect(file.processes.every(({ pid, logFile }) => isAlive(pid) && statSync(logFile).isFile())).toBe(true);
    expect(file.demo.users.map(({ role }) => role)).toEqual(['owner', 'admin', 'member', 'viewer']);
  });

  test('every service answers for its health and metrics as the process it says it is', async () => {
    const { metrics, processes } = stack.file;
    for (const { service, url } of metrics) {
      const health = (await (await fetch(`${url}/health`)).json()) as { status: string; pid: number };
      expect(health).toMatchObject({ status: 'ok', service });
      expect(processes.map(({ pid }) => pid)).toContain(health.pid);
      expect(await (await fetch(`${url}/metrics`)).text()).toContain('process_cpu_seconds_total');
    }
    expect((await fetch(`${stack.file.api}/health`)).status).toBe(200);
    expect((await fetch(`${stack.file.console}/`)).status).toBe(200);
    expect((await fetch(`${stack.file.issuer}/.well-known/openid-configuration`)).status).toBe(200);
  });

  test('runs a second stack beside the first', async () => {
    const other = new Stack();
    await other.start();
    expect((await other.chat(hello)).status).toBe(200);
    expect((await stack.chat(hello)).status).toBe(200);
    expect((await other.chat(hello, { key: stack.file.demo.key })).status).toBe(401);
    await other.remove();
  });

  test('names a port of --port-base that is taken, and leaves nothing running', async () => {
    const blocker = createServer().listen(0, '127.0.0.1');
    await once(blocker, 'listening');
    const { port } = blocker.address() as { port: number };
    const other = new Stack();
    const ended = await npm(['start', '--', '--detach', '--dir', other.dir, '--port-base', String(port)]);
    blocker.close();
    expect(ended.code).not.toBe(0);
    expect(ended.stdout + ended.stderr).toContain(String(port));
  });

  test('finds everything as it was after a stop', async () => {
    const response = await stack.chat(hello);
    const before = stack.file.demo;
    await eventually(async () =>
      expect((await stack.usage()).map(({ requestId }) => requestId)).toContain(response.headers.get('x-request-id')),
    );
    expect(await stack.stop()).toEqual([]);
    expect((await npm(['stop', '--', '--dir', stack.dir])).code).toBe(0);
    await stack.start();
    expect(stack.file.demo).toEqual(before);
    expect((await stack.chat(hello)).status).toBe(200);
    expect((await stack.usage()).map(({ requestId }) => requestId)).toContain(response.headers.get('x-request-id'));
  });
});
