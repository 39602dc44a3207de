import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, test } from '@jest/globals';
import { readConfig } from './read-config.ts';
import { makeChat } from './testing/running-simulator.ts';

const entry = join(import.meta.dirname, 'main.ts');

describe('readConfig', () => {
  test('refuses production', () => {
    expect(() => readConfig({ NODE_ENV: 'production', HTTP_PORT: '1' })).toThrow('development only');
  });

  test('names what is faulty without its value', () => {
    expect(() => readConfig({ HTTP_PORT: 'secret' })).toThrow('Invalid configuration: HTTP_PORT');
  });
});

describe('the process', () => {
  test('tells its health, ends open streams on SIGTERM and exits 0', async () => {
    const child = spawn(process.execPath, ['--conditions=@orgn/source', entry], {
      env: { HTTP_PORT: '0', NODE_NO_WARNINGS: '1' },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
    const { url } = JSON.parse(line) as { url: string };
    const health = await (await fetch(`${url}/health`)).json();
    expect(health).toEqual({ status: 'ok', service: 'providers', pid: child.pid });
    await fetch(`${url}/control/near`, { method: 'PUT', body: '{"hang":"body"}' });
    const headers = { authorization: 'Bearer x' };
    const body = JSON.stringify(makeChat({ stream: true }));
    const hanging = await fetch(`${url}/near/v1/chat/completions`, { method: 'POST', headers, body });
    const start = performance.now();
    child.kill('SIGTERM');
    child.kill('SIGTERM');
    await expect(hanging.text()).rejects.toThrow();
    expect(await once(child, 'exit')).toEqual([0, null]);
    expect(performance.now() - start).toBeLessThan(20_000);
  });

  test('does not start in production', async () => {
    const env = { NODE_ENV: 'production', HTTP_PORT: '0' };
    const child = spawn(process.execPath, ['--conditions=@orgn/source', entry], { env, stdio: 'ignore' });
    expect(await once(child, 'exit')).toEqual([1, null]);
  });
});
