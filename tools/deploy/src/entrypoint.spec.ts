import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';

const root = join(import.meta.dirname, '../../..');

/** The image's entrypoint, where it is in the repository: what it starts is beside it here as there. */
function start(args: string[], env: Record<string, string> = {}) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, 'deploy/entrypoint.mjs'), ...args], {
    env: { PATH: process.env.PATH, ...env },
    encoding: 'utf8',
    timeout: 30_000,
  });
  return { status, stdout, stderr };
}

test.each([[[]], [['nobody']], [['toString']]])('a container that is told %j says what it can be told', (args) => {
  const { status, stderr } = start(args);
  expect([status, stderr]).toEqual([2, expect.stringMatching(/must be one of: .*gateway/)]);
});

test('operator commands are those of a host, behind one word', () => {
  expect(start(['operator', '--help'])).toMatchObject({
    status: 0,
    stdout: expect.stringContaining('keys -- list') as unknown,
  });
  expect(start(['operator', 'operators'])).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('add NAME') as unknown,
  });
  expect(start(['operator', 'backup', '--help'])).toMatchObject({
    status: 0,
    stdout: expect.stringContaining('--to') as unknown,
  });
});

test('a public host that does not know whom to believe does not start, and names the line to add', () => {
  const { status, stderr } = start(['gateway'], { BIND_ADDRESS: '0.0.0.0', TRUSTED_PROXIES: '' });
  expect([status, stderr]).toEqual([1, expect.stringContaining('TRUSTED_PROXIES=none')]);
});

test.each([
  [200, 0],
  [503, 1],
])('a container whose health answers %i is told by exit code %i', async (status, code) => {
  const server = createServer((request, response) =>
    response.writeHead(request.url === '/health' ? status : 404).end('{}'),
  );
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const probe = spawn('bash', [join(root, 'deploy/healthy.sh'), String(port)], { stdio: 'ignore' });
  expect(await once(probe, 'exit')).toEqual([code, null]);
  server.close();
});

test('a container where nobody listens yet is not healthy', () => {
  const { status } = spawnSync('bash', [join(root, 'deploy/healthy.sh'), '1'], { stdio: 'ignore' });
  expect(status).toBe(1);
});
